using System.Net.Http.Json;
using System.Text.Json;
using NodaTime;

namespace UsageLedger.Collecting.Retell;

/// <summary>Pulls calls from Retell AI by the time when they ended, which is when they begin to cost.</summary>
public sealed class RetellCollector : IUsageCollector
{
    public const string ApiKey = "apiKey";

    public IReadOnlyList<MetricDefinition> Metrics { get; } =
    [
        new("call", "call", "Calls that are over; the cost is pending until Retell tells what its products cost, then zero: they bear it"),
        new("call.*", "second", "One product's part of a call (voice, language model, telephony, ...), at the cost that Retell reports"),
        new("llm.tokens", "token", "Tokens of the calls' language model; their cost is within the products"),
    ];

    public CredentialForm Credentials { get; } = new([ApiKey], []);

    public IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        [SourceSettings.WebhookUrl] = SourceSettings.WebhookUrlText,
        [SourceSettings.MetadataKeys] = SourceSettings.MetadataKeysText,
        [SourceSettings.PageSize] = SourceSettings.PageSizeText,
        [SourceSettings.TelephonyBilledBy] =
            "twilio: telephony products of calls that name a Twilio call cost nothing here; retell: they cost what Retell reports, and the same leg's "
            + "call of a Twilio source that says nothing is voided; absent: they cost so too, and one whose leg a Twilio source of yours reports a price of is voided",
    };

    public VendorLimits Limits { get; } = new(RequestsPerSecond: 10, ConcurrencyMax: 4, PagesMax: 1000, PageBytesMax: 64 * 1024 * 1024);

    public bool ListsRecords => true;

    public IReadOnlyList<string> CountedMetrics { get; } = ["call"];

    public bool TellsTotals => true;

    public Task<IReadOnlyList<string>> ValidateAsync(VendorAccount account, CancellationToken ct) =>
        account.ProblemsAsync(credential => List(account.Source, credential, new { limit = 1 }), ct);

    public IAsyncEnumerable<CollectedPage> CollectAsync(VendorAccount account, CollectionWindow window, CancellationToken ct) =>
        VendorPages.ReadAsync(window.Cursor, Limits.PagesMax, cursor => PageAsync(account, window, cursor, ct), ct);

    public IAsyncEnumerable<CollectedPage> FetchAsync(VendorAccount account, IReadOnlyList<string> nativeIds, CancellationToken ct) =>
        VendorPages.EachAsync(
            nativeIds,
            id => account.AskAsync(
                credential => new HttpRequestMessage(HttpMethod.Get, account.Source.Below("v2/get-call/" + Uri.EscapeDataString(id))).Bearer(credential.Values[ApiKey]),
                answer => answer.IsNotFound ? null : One(account, answer), ct),
            ct);

    public string? NativeIdOf(string idempotencyKey) => RetellKeys.CallOf(idempotencyKey);

    public Task<IReadOnlyList<VendorTotal>> TotalsAsync(VendorAccount account, LocalDate day, CancellationToken ct) =>
        RetellTotals.ReadAsync(account, day, ct);

    /// <summary>The ends of the range are asked for a millisecond wide, since Retell does not say whether they are within.</summary>
    private static Task<CollectedPage?> PageAsync(VendorAccount account, CollectionWindow window, string? cursor, CancellationToken ct)
    {
        var body = new
        {
            filter_criteria = new
            {
                end_timestamp = new { type = "range", op = "bt", value = new[] { Milliseconds(window.From) - 1, Milliseconds(window.To) } },
            },
            sort_order = "ascending",
            limit = SourceSettings.PageSizeOf(account.Source),
            pagination_key = cursor,
        };
        return account.AskAsync(
            credential => List(account.Source, credential, body),
            answer => cursor is not null && answer.Status is 400 or 404 or 422 ? null : Read(account, answer), ct);
    }

    private static CollectedPage Read(VendorAccount account, VendorAnswer answer)
    {
        using var document = VendorJson.Parse(answer.Given());
        var root = document.RootElement;
        if (root.Member("items") is not { ValueKind: JsonValueKind.Array })
        {
            throw new VendorException(VendorException.Unreadable, "Retell's list of calls has no items.");
        }

        var made = new Normalised();
        foreach (var call in root.Items("items"))
        {
            RetellCalls.Take(call, account.Source, account.Numbers, answer.At, made);
        }

        var next = root.IsTrue("has_more") ? root.Text("pagination_key") : null;
        return next is null && root.IsTrue("has_more")
            ? throw new VendorException(VendorException.Unreadable, "Retell says that there is more and not where.")
            : made.ToPage(next, answer.Body.Length);
    }

    private static CollectedPage One(VendorAccount account, VendorAnswer answer)
    {
        using var document = VendorJson.Parse(answer.Given());
        var made = new Normalised();
        RetellCalls.Take(document.RootElement, account.Source, account.Numbers, answer.At, made);
        return made.ToPage(null, answer.Body.Length);
    }

    internal static HttpRequestMessage List(Source source, Credential credential, object body) =>
        new HttpRequestMessage(HttpMethod.Post, source.Below("v3/list-calls")) { Content = JsonContent.Create(body, body.GetType(), options: RetellKeys.Json) }
            .Bearer(credential.Values[ApiKey]);

    private static long Milliseconds(Instant at) => at.ToUnixTimeMilliseconds();
}
