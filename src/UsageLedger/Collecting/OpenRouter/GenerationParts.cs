using UsageLedger.Recording;

namespace UsageLedger.Collecting.OpenRouter;

/// <summary>
/// Makes usage of a generation. The whole cost lands once, whichever way it was told: input and output bear what is told of them, the
/// generation itself the rest, which may be negative; so a telling that knows only the whole puts it there, and nothing on the others.
/// While the whole is not told all three are pending.
/// </summary>
internal static class GenerationParts
{
    private const string Prefix = "generation:";

    public static string? IdOf(string key)
    {
        var id = key.StartsWith(Prefix, StringComparison.Ordinal) ? key[Prefix.Length..].Split(':')[0] : "";
        return id.Length == 0 ? null : id;
    }

    /// <param name="template">What all parts have in common.</param>
    public static IEnumerable<UsageRecord> Of(Generation made, UsageRecord template)
    {
        UsageRecord Part(string part, string metric, decimal quantity, decimal? cost, string unit = "token") => template with
        {
            IdempotencyKey = $"{Prefix}{made.Id}:{part}", Metric = metric, Quantity = quantity, Unit = unit, Cost = cost,
        };

        // All three are known, or none is: a part that one telling leaves out would else stand at what another telling put there.
        var (input, output, rest) = made.Cost is { } cost
            ? (made.InputCost ?? 0, made.OutputCost ?? 0, ExactSum.Of([cost, -(made.InputCost ?? 0), -(made.OutputCost ?? 0)]))
            : ((decimal?)null, (decimal?)null, (decimal?)null);
        yield return Part("input", "llm.tokens.input", made.Input, input);
        yield return Part("output", "llm.tokens.output", made.Output, output);

        // An attribute, not a record of its own: one that only a later answer knows would come without whose it is.
        yield return Part("rest", "llm.generation", 1, rest, "generation") with
        {
            Attributes = new AttributeList().Add(template.Attributes)
                .Add("byokCost", made.UpstreamCost is { } upstream ? ExactDecimal.ToText(upstream) : null).ToSorted(),
        };
        if (made.Cached > 0)
        {
            yield return Part("cached", "llm.tokens.cached", made.Cached, 0);
        }

        if (made.CacheWrite > 0)
        {
            yield return Part("cache_write", "llm.tokens.cache_write", made.CacheWrite, 0);
        }

        if (made.Reasoning > 0)
        {
            yield return Part("reasoning", "llm.tokens.reasoning", made.Reasoning, 0);
        }
    }
}
