using NodaTime;

namespace UsageLedger.Collecting.OpenRouter;

/// <summary>One answer of a model, however OpenRouter told of it.</summary>
/// <param name="Input">Tokens, cached ones among them.</param>
/// <param name="Output">Tokens, those of reasoning among them.</param>
/// <param name="InputCost">Null where only the whole cost is told.</param>
/// <param name="Cost">All that OpenRouter charges, in dollars; null is pending.</param>
/// <param name="UpstreamCost">What the platform's own provider charges, where its key was used, if that is told; OpenRouter does not charge it.</param>
internal sealed record Generation(
    string Id, Instant EndedAt, decimal Input, decimal Output, decimal Cached, decimal CacheWrite, decimal Reasoning,
    decimal? InputCost, decimal? OutputCost, decimal? Cost, decimal? UpstreamCost);
