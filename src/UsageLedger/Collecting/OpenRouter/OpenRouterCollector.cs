using System.Runtime.CompilerServices;

namespace UsageLedger.Collecting.OpenRouter;

/// <summary>
/// Asks OpenRouter for generations whose broadcast told no cost. OpenRouter lists no generations, so a window holds nothing to collect:
/// usage comes by broadcast (webhook), and what a broadcast missed shows only in the totals of <see cref="OpenRouterActivity"/>.
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
        new("llm.generation", "generation", "Generations, and of their cost what input and output do not bear; pending until the whole cost is known"),
        new("llm.tokens.cached", "token", "Of the input, read from a cache; the cost is within the input's"),
        new("llm.tokens.cache_write", "token", "Of the input, written to a cache; the cost is within the input's"),
        new("llm.tokens.reasoning", "token", "Of the output, spent on reasoning; the cost is within the output's"),
        new("llm.byok", "usd", "What the platform's own provider charges for a generation, in dollars as a quantity: OpenRouter does not charge it"),
    ];

    public CredentialForm Credentials { get; } = new([ManagementKey], [WebhookSecret, ApiKey]);

    public IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        [SourceSettings.WebhookUrl] = SourceSettings.WebhookUrlText,
        [SourceSettings.MetadataKeys] = SourceSettings.MetadataKeysText,
    };

    public VendorLimits Limits { get; } = new(RequestsPerSecond: 20, ConcurrencyMax: 8, PagesMax: 1000, PageBytesMax: 16 * 1024 * 1024);

    public Task<IReadOnlyList<string>> ValidateAsync(VendorAccount account, CancellationToken ct) =>
        account.ProblemsAsync(credential => OpenRouterRequests.Get(account.Source, "credits", credential.Values[ManagementKey]), ct);

    /// <summary>Nothing: there is no list to collect from.</summary>
    public IAsyncEnumerable<CollectedPage> CollectAsync(VendorAccount account, CollectionWindow window, CancellationToken ct) =>
        AsyncEnumerable.Empty<CollectedPage>();

    /// <summary>A generation that OpenRouter does not know is not known yet, or no more; whoever asked decides how often to ask again.</summary>
    public async IAsyncEnumerable<CollectedPage> FetchAsync(
        VendorAccount account, IReadOnlyList<string> nativeIds, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var id in nativeIds)
        {
            yield return await account.AskAsync(
                credential => OpenRouterRequests.Get(
                    account.Source, "generation?id=" + Uri.EscapeDataString(id), credential.Values.GetValueOrDefault(ApiKey) ?? credential.Values[ManagementKey]),
                answer => Read(account.Source, id, answer), ct);
        }
    }

    public string? NativeIdOf(string idempotencyKey) => GenerationParts.IdOf(idempotencyKey);

    private static CollectedPage Read(Source source, string id, VendorAnswer answer)
    {
        var made = new Normalised();
        if (answer.IsNotFound)
        {
            made.Reject(id, "OpenRouter knows no such generation, or not yet");
        }
        else
        {
            using var document = VendorJson.Parse(answer.Given());
            Generations.Take(document.RootElement.Member("data") ?? document.RootElement, source, made);
        }

        return made.ToPage(null, answer.Body.Length);
    }
}
