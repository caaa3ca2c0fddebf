using NodaTime;

namespace UsageLedger.Collecting.OpenRouter;

/// <summary>
/// Asks OpenRouter for generations whose broadcast told no cost, and for its totals of a window's days. OpenRouter lists no generations:
/// usage comes by broadcast (webhook), and what broadcasts missed is booked as the remainder of those totals (<see cref="MissingUsage"/>).
/// </summary>
public sealed class OpenRouterCollector : IUsageCollector
{
    public const string ManagementKey = "managementKey";
    public const string WebhookSecret = "webhookSecret";
    public const string ApiKey = "apiKey";

    public IReadOnlyList<MetricDefinition> Metrics { get; } =
    [
        new("llm.tokens.input", "token", "Tokens of prompts, cached ones among them"),
        new("llm.tokens.output", "token", "Tokens of completions, those of reasoning among them"),
        new("llm.generation", "generation", "Generations, and of their cost what input and output do not bear; pending until the whole cost is known; what an own provider charges beside is the attribute byokCost"),
        new("llm.tokens.cached", "token", "Of the input, read from a cache; the cost is within the input's"),
        new("llm.tokens.cache_write", "token", "Of the input, written to a cache; the cost is within the input's"),
        new("llm.tokens.reasoning", "token", "Of the output, spent on reasoning; the cost is within the output's"),
    ];

    public CredentialForm Credentials { get; } = new([ManagementKey], [WebhookSecret, ApiKey]);

    public IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        [SourceSettings.WebhookUrl] = SourceSettings.WebhookUrlText,
        [SourceSettings.MetadataKeys] = SourceSettings.MetadataKeysText,
    };

    public VendorLimits Limits { get; } = new(RequestsPerSecond: 20, ConcurrencyMax: 8, PagesMax: 1000, PageBytesMax: 16 * 1024 * 1024);

    public bool ListsRecords => false;

    public IReadOnlyList<string> CountedMetrics { get; } = ["llm.generation"];

    public int? DaysTold => MissingUsage.DaysMax;

    public bool TellsTotals => true;

    public Task<IReadOnlyList<string>> ValidateAsync(VendorAccount account, CancellationToken ct) =>
        account.ProblemsAsync(credential => OpenRouterRequests.Get(account.Source, "credits", credential.Values[ManagementKey]), ct);

    /// <summary>What broadcasts missed, if it is known what they told.</summary>
    public IAsyncEnumerable<CollectedPage> CollectAsync(VendorAccount account, CollectionWindow window, CancellationToken ct) =>
        account.Captured is { } captured ? MissingUsage.ReadAsync(account, captured, window, ct) : AsyncEnumerable.Empty<CollectedPage>();

    /// <summary>A generation that OpenRouter does not know may not be known yet: whoever asked tries again later.</summary>
    public IAsyncEnumerable<CollectedPage> FetchAsync(VendorAccount account, IReadOnlyList<string> nativeIds, CancellationToken ct) =>
        VendorPages.EachAsync(
            nativeIds,
            id => account.AskAsync(
                credential => OpenRouterRequests.Get(
                    account.Source, "generation?id=" + Uri.EscapeDataString(id), credential.Values.GetValueOrDefault(ApiKey) ?? credential.Values[ManagementKey]),
                answer => answer.IsNotFound ? null : Read(account.Source, answer.Given()), ct),
            ct);

    /// <summary>The remainder of a day's total is a name of ours.</summary>
    public bool CanFetch(string nativeId) => !nativeId.StartsWith(MissingUsage.NamePrefix, StringComparison.Ordinal);

    public string? NativeIdOf(string idempotencyKey) => GenerationParts.IdOf(idempotencyKey);

    public Task<IReadOnlyList<VendorTotal>> TotalsAsync(VendorAccount account, LocalDate day, CancellationToken ct) =>
        OpenRouterActivity.ReadAsync(account, day, null, ct);

    private static CollectedPage? Read(Source source, ReadOnlyMemory<byte> body)
    {
        using var document = VendorJson.Parse(body);
        var made = new Normalised();
        Generations.Take(document.RootElement.Member("data") ?? document.RootElement, source, made);
        return made.ToPage(null, body.Length);
    }
}
