using System.Text.Json;
using UsageLedger.Attributing;
using UsageLedger.Recording;

namespace UsageLedger.Collecting.OpenRouter;

/// <summary>
/// OpenRouter's broadcasts (OTLP/JSON traces) into usage. One generation is several spans that all name it; only the root, which is the
/// generation, is charged. Prompts, answers and users are never looked at.
/// </summary>
internal static class Broadcasts
{
    private const string Metadata = "trace.metadata.";
    private const string Own = "trace.metadata.openrouter.";
    private const string Extra = "trace.metadata.openrouter_generation.";
    private const string Attempt = ":attempt-";

    /// <summary>Takes every generation in it; those whose cost, or own provider's cost, is not told are to be asked for.</summary>
    /// <returns>Ids to ask for.</returns>
    public static IReadOnlyList<string> Take(JsonElement body, Source source, Normalised into)
    {
        var unpriced = new List<string>();
        foreach (var span in SpansOf(body).Where(IsGeneration).DistinctBy(IdOf))
        {
            into.Take(IdOf(span), id =>
            {
                var made = Read(span, id);
                if (made.Cost is null || (made.UpstreamCost is null && IsByok(span)))
                {
                    unpriced.Add(id);
                }

                return GenerationParts.Of(made, Template(span, made, source));
            });
        }

        return unpriced;
    }

    public static IEnumerable<OtlpSpan> SpansOf(JsonElement body) => body.Items("resourceSpans")
        .SelectMany(resource => resource.Items("scopeSpans")).SelectMany(scope => scope.Items("spans"))
        .Select(span => new OtlpSpan(span));

    /// <summary>A model's name where it can stand as a resource.</summary>
    public static string? Model(string? name) => !string.IsNullOrEmpty(name) && TextRules.Broken(name, TextRules.TextMax) is null ? name : null;

    /// <summary>The root may itself hang below a trace of the platform's own, so its type decides, and its place only where no type is told.</summary>
    private static bool IsGeneration(OtlpSpan span) => span.Text("gen_ai.response.id") is not null
        && (span.Text("span.type") is { } type ? type == "generation" : span.IsRoot);

    private static string? IdOf(OtlpSpan span) => span.Text("gen_ai.response.id")?.Split(Attempt)[0];

    private static Generation Read(OtlpSpan span, string id)
    {
        decimal? Usage(string name) => span.Number("gen_ai.usage." + name);
        decimal? Input(string rest) => Usage("input_tokens" + rest) ?? Usage("prompt_tokens" + rest);
        decimal? Output(string rest) => Usage("output_tokens" + rest) ?? Usage("completion_tokens" + rest);

        return new Generation(
            id, span.EndedAt, Input("") ?? 0, Output("") ?? 0, Input(".cached") ?? 0,
            Input(".cache_write") ?? ExactSum.Of([Input(".cache_write_5m") ?? 0, Input(".cache_write_1h") ?? 0]),
            Output(".reasoning") ?? 0, Usage("input_cost"), Usage("output_cost"), Usage("total_cost") ?? span.Number(Extra + "usage"),
            IsByok(span) ? span.Number(Extra + "usage_upstream") : null);
    }

    private static bool IsByok(OtlpSpan span) => span.IsTrue(Extra + "is_byok");

    private static UsageRecord Template(OtlpSpan span, Generation made, Source source) => new()
    {
        Source = source.Id,
        IdempotencyKey = made.Id,
        Provider = source.Provider,
        Metric = "",
        Quantity = 0,
        Unit = "",
        Currency = Currencies.Default,
        ResourceId = Model(ModelOf(span)),
        OccurredAt = made.EndedAt,
        Attributes = new AttributeList()
            .Add("generationId", made.Id)
            .Add("model", ModelOf(span))
            .Add("providerName", span.Text(Own + "provider_name"))
            .Add("byok", IsByok(span) ? "true" : null)
            .Add(MappingKeys.ApiKey, span.Text(Own + "api_key_name"))
            .AddMeta(source, name => span.Text(Metadata + name))
            .ToSorted(),
    };

    private static string? ModelOf(OtlpSpan span) => span.Text("gen_ai.response.model") ?? span.Text("gen_ai.request.model");
}
