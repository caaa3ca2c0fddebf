using System.Globalization;
using System.Runtime.CompilerServices;
using NodaTime;
using NodaTime.Text;
using UsageLedger.Attributing;
using UsageLedger.Collecting;
using UsageLedger.Recording;

namespace UsageLedger.IntegrationSpecs.Collecting.FourthVendor;

/// <summary>How the fax bureau's usage is pulled.</summary>
internal sealed class FaxCollector(FaxBureau bureau) : IUsageCollector
{
    public IReadOnlyList<MetricDefinition> Metrics { get; } = [new("fax.pages", "page", "Pages sent.")];

    public IReadOnlyList<string> CountedMetrics { get; } = ["fax.pages"];

    public CredentialForm Credentials { get; } = new(["secret"], []);

    public IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string> { ["webhookUrl"] = "Where it delivers." };

    public VendorLimits Limits { get; } = new(100, 2, 5, 1024);

    public bool ListsRecords => bureau.ListsRecords;

    public int? DaysTold => bureau.DaysTold;

    public bool TellsTotals => bureau.TellsTotals;

    public async Task<IReadOnlyList<string>> ValidateAsync(VendorAccount account, CancellationToken ct)
    {
        await bureau.BeforeValidation().WaitAsync(ct);
        return [];
    }

    public async IAsyncEnumerable<CollectedPage> CollectAsync(VendorAccount account, CollectionWindow window, [EnumeratorCancellation] CancellationToken ct)
    {
        var anew = bureau.ForgetsPlaces && window.Cursor is not null;
        var start = anew ? 0 : int.Parse(window.Cursor ?? "0", CultureInfo.InvariantCulture);
        var faxes = bureau.Faxes.Values.Where(fax => fax.SentAt >= window.From && fax.SentAt < window.To).OrderBy(fax => fax.Id, StringComparer.Ordinal).ToList();
        do
        {
            bureau.Asked.Enqueue($"from {start}");
            await bureau.BeforePage(start);
            var page = faxes.Skip(start).Take(bureau.PageSize).ToList();
            start += page.Count;
            yield return Page(account, page, start < faxes.Count ? start.ToString(CultureInfo.InvariantCulture) : null) with { Anew = anew, ToldSince = bureau.ToldSince };
            anew = false;
        }
        while (start < faxes.Count);
    }

    public async IAsyncEnumerable<CollectedPage> FetchAsync(VendorAccount account, IReadOnlyList<string> nativeIds, [EnumeratorCancellation] CancellationToken ct)
    {
        bureau.Asked.Enqueue($"fetch {string.Join(',', nativeIds.Order(StringComparer.Ordinal))}");
        var page = Page(account, [.. nativeIds.Where(bureau.Faxes.ContainsKey).Select(id => bureau.Faxes[id])], null);
        await bureau.BeforeFetch();
        yield return page;
    }

    public bool CanFetch(string nativeId) => bureau.NamesFaxes;

    public async Task<IReadOnlyList<VendorTotal>> TotalsAsync(VendorAccount account, LocalDate day, CancellationToken ct)
    {
        bureau.Asked.Enqueue($"totals {LocalDatePattern.Iso.Format(day)}");
        await bureau.BeforeTotals().WaitAsync(ct);
        return [];
    }

    public string? NativeIdOf(string idempotencyKey) => bureau.NamesFaxes && idempotencyKey.StartsWith("fax:", StringComparison.Ordinal) ? idempotencyKey[4..] : null;

    public static UsageRecord Normalise(Source source, Fax fax) => new()
    {
        Source = source.Id,
        IdempotencyKey = $"fax:{fax.Id}",
        Provider = "fax-bureau",
        Metric = "fax.pages",
        Quantity = fax.Pages,
        Unit = "page",
        Cost = fax.Price,
        Currency = "USD",
        OccurredAt = fax.SentAt,
        Attributes = [new NamedText(MappingKeys.Agent, fax.Agent)],
    };

    private static CollectedPage Page(VendorAccount account, List<Fax> faxes, string? cursor) =>
        new([.. faxes.Where(fax => fax.Pages > 0).Select(fax => Normalise(account.Source, fax))],
            [.. faxes.Where(fax => fax.Pages <= 0).Select(fax => new RejectedRecord(fax.Id, "it has no pages"))], cursor, faxes.Count * 100)
        {
            Notes = [.. faxes.Where(fax => fax.Pages > 100).Select(fax => new RecordNote(fax.Id, "it has very many pages"))],
        };
}
