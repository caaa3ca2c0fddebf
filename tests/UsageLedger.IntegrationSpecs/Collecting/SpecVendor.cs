using UsageLedger.Collecting;

namespace UsageLedger.IntegrationSpecs.Collecting;

/// <summary>A vendor whose one good key is known, and who has nothing to tell.</summary>
internal sealed class SpecVendor : IUsageCollector
{
    public const string Name = "spec";
    public const string GoodKey = "key_good";

    public static readonly Provider Provider = new(Name, new SpecVendor(), null);

    public IReadOnlyList<MetricDefinition> Metrics { get; } = [new("spec.call", "second", "A call.")];

    public IReadOnlyList<string> CountedMetrics { get; } = ["spec.call"];

    public CredentialForm Credentials { get; } = new(["apiKey"], ["webhookSecret"]);

    public IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string> { ["webhookUrl"] = "Where the vendor calls." };

    public VendorLimits Limits { get; } = new(10, 2, 10, 1_000_000);

    public bool ListsRecords => true;

    public Task<IReadOnlyList<string>> ValidateAsync(VendorAccount account, CancellationToken ct) => account.Credentials switch
    {
        [var newest, ..] when newest.Values["apiKey"] == GoodKey => Task.FromResult<IReadOnlyList<string>>([]),
        [var newest, ..] when newest.Values["apiKey"] == "key_unreachable" =>
            throw new VendorException("vendor_unreachable", "The vendor could not be reached."),
        _ => Task.FromResult<IReadOnlyList<string>>(["The API key was refused."]),
    };

    public IAsyncEnumerable<CollectedPage> CollectAsync(VendorAccount account, CollectionWindow window, CancellationToken ct) => AsyncEnumerable.Empty<CollectedPage>();

    public IAsyncEnumerable<CollectedPage> FetchAsync(VendorAccount account, IReadOnlyList<string> nativeIds, CancellationToken ct) =>
        AsyncEnumerable.Empty<CollectedPage>();

    public string? NativeIdOf(string idempotencyKey) => null;
}
