using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using UsageLedger.Recording;

namespace UsageLedger.Collecting.OpenRouter;

/// <summary>OpenRouter's own sums by day, model and endpoint, of the last thirty whole UTC days.</summary>
public static class OpenRouterActivity
{
    /// <param name="keyHash">Of one API key alone; null: of all. Rows do not name their keys.</param>
    /// <exception cref="VendorException">OpenRouter cannot be reached, refuses, or answers what cannot be read.</exception>
    public static Task<IReadOnlyList<VendorTotal>> ReadAsync(VendorAccount account, LocalDate day, string? keyHash, CancellationToken ct)
    {
        var path = $"activity?date={LocalDatePattern.Iso.Format(day)}{(keyHash is null ? "" : "&api_key_hash=" + Uri.EscapeDataString(keyHash))}";
        return account.AskAsync(
            credential => OpenRouterRequests.Get(account.Source, path, credential.Values[OpenRouterCollector.ManagementKey]), answer => Read(day, answer), ct);
    }

    private static IReadOnlyList<VendorTotal> Read(LocalDate day, VendorAnswer answer)
    {
        using var document = VendorJson.Parse(answer.Given());
        try
        {
            return [.. document.RootElement.Items("data").Select(row => Read(day, row))];
        }
        catch (FormatException unusable)
        {
            throw new VendorException(VendorException.Unreadable, $"A row of OpenRouter's activity cannot be read: {unusable.Message}.");
        }
    }

    /// <summary>What an own provider charges (<c>byok_usage_inference</c>) is not OpenRouter's, and not in the sum.</summary>
    private static VendorTotal Read(LocalDate day, JsonElement row)
    {
        var tokens = ExactSum.Of([row.Number("prompt_tokens") ?? 0, row.Number("completion_tokens") ?? 0]);
        return new VendorTotal(day, day, $"{row.Text("model_permaslug") ?? row.Text("model")}@{row.Text("endpoint_id")}", tokens, "token", row.Number("usage"), Currencies.Default)
        {
            Metric = "llm.generation",
            Records = row.Number("requests") is >= 0 and < long.MaxValue and var requests && decimal.IsInteger(requests) ? (long)requests : null,
        };
    }
}
