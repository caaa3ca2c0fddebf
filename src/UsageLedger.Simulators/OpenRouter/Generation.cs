using NodaTime;
using UsageLedger.Simulators.World;

namespace UsageLedger.Simulators.OpenRouter;

/// <summary>One answer of a model.</summary>
/// <param name="PromptTokens">Cached ones with them.</param>
/// <param name="CompletionTokens">Reasoning ones with them.</param>
/// <param name="IsByok">The platform's own contract with the provider paid for it; OpenRouter charges its fee alone.</param>
/// <param name="KnownAt">Before it, asking for the generation finds nothing.</param>
/// <param name="NamesClient">Whether the platform gave client and agent as trace metadata.</param>
public sealed record Generation(
    string Id, SimAgent Agent, SimModel Model, Instant CreatedAt, Instant EndedAt, Instant KnownAt, int PromptTokens, int CachedTokens,
    int CompletionTokens, int ReasoningTokens, bool IsByok, bool NamesClient, string Words)
{
    private const decimal ByokFee = 0.05m;

    public decimal PromptCost => (PromptTokens - CachedTokens) * Model.PromptPrice + CachedTokens * Model.CachedPrice;

    public decimal CompletionCost => CompletionTokens * Model.CompletionPrice;

    /// <summary>What the provider charges, to whomever.</summary>
    public decimal UpstreamCost => PromptCost + CompletionCost;

    /// <summary>What OpenRouter charges.</summary>
    public decimal Cost => IsByok ? UpstreamCost * ByokFee : UpstreamCost;

    /// <summary>What it saved to have been asked before.</summary>
    public decimal CacheDiscount => CachedTokens * (Model.PromptPrice - Model.CachedPrice);
}
