using System.Text;
using System.Text.Json;
using NodaTime;
using UsageLedger.Recording;

namespace UsageLedger.Collecting.OpenRouter;

/// <summary>The answer to <c>GET /generation</c> into usage. It names neither key nor metadata, so it says nothing of whose usage it is.</summary>
internal static class Generations
{
    public static void Take(JsonElement data, Source source, Normalised into) => into.Take(data.Text("id"), id =>
    {
        var made = Read(data, id);
        return GenerationParts.Of(made, new UsageRecord
        {
            Source = source.Id,
            IdempotencyKey = id,
            Provider = source.Provider,
            Metric = "",
            Quantity = 0,
            Unit = "",
            Currency = Currencies.Default,
            ResourceId = Broadcasts.Model(data.Text("model")),
            OccurredAt = made.EndedAt,
            Attributes = new AttributeList()
                .Add("generationId", id)
                .Add("model", data.Text("model"))
                .Add("providerName", data.Text("provider_name"))
                .Add("byok", data.IsTrue("is_byok") ? "true" : null)
                .ToSorted(),
        });
    });

    /// <summary>What is billed are the provider's own tokens; the others are counted by one rule for all models.</summary>
    private static Generation Read(JsonElement data, string id) => new(
        id, EndedAt(data),
        data.Number("native_tokens_prompt") ?? 0, data.Number("native_tokens_completion") ?? 0,
        data.Number("native_tokens_cached") ?? 0, 0, data.Number("native_tokens_reasoning") ?? 0,
        null, null, data.Number("total_cost") ?? data.Number("usage"), data.IsTrue("is_byok") ? data.Number("upstream_inference_cost") : null);

    /// <summary>When it was asked for and how long it took make the end, which is what a broadcast tells.</summary>
    private static Instant EndedAt(JsonElement data)
    {
        if (InstantText.Read(Encoding.UTF8.GetBytes(data.Text("created_at") ?? ""), out var created) != InstantReading.Read)
        {
            throw new FormatException("created_at is no time");
        }

        var took = data.Number("generation_time") is >= 0 and < 86_400_000 and var ms ? (long)ms : 0;
        return created + Duration.FromMilliseconds(took);
    }
}
