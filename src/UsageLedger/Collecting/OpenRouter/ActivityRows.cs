using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using UsageLedger.Recording;

namespace UsageLedger.Collecting.OpenRouter;

/// <summary>What one answer of <c>GET /activity</c> tells.</summary>
internal sealed record ActivityRows(IReadOnlyList<ActivityRow> Rows, long Bytes)
{
    /// <param name="day">Null: the last thirty whole UTC days.</param>
    /// <param name="keyHash">Of one API key alone; null: of all. Rows do not name their keys.</param>
    /// <exception cref="VendorException">OpenRouter cannot be reached, refuses, or answers what cannot be read.</exception>
    public static Task<ActivityRows> ReadAsync(VendorAccount account, LocalDate? day, string? keyHash, CancellationToken ct)
    {
        string?[] asked =
        [
            day is { } date ? "date=" + LocalDatePattern.Iso.Format(date) : null,
            keyHash is not null ? "api_key_hash=" + Uri.EscapeDataString(keyHash) : null,
        ];
        var path = string.Join('?', new[] { "activity", string.Join('&', asked.OfType<string>()) }.Where(part => part.Length > 0));
        return account.AskAsync(
            credential => OpenRouterRequests.Get(account.Source, path, credential.Values[OpenRouterCollector.ManagementKey]), Read, ct);
    }

    private static ActivityRows Read(VendorAnswer answer)
    {
        using var document = VendorJson.Parse(answer.Given());
        return new ActivityRows(
            DayRows.Read("A row of OpenRouter's activity", document.RootElement.Items("data"), ActivityRow.Read, row => row.Day), answer.Body.Length);
    }
}

/// <summary>A day's sums of one model at one endpoint.</summary>
/// <param name="Permaslug">The model's name with its version; broadcasts may name it so.</param>
internal sealed record ActivityRow(LocalDate Day, string Model, string Permaslug, DayFigures Figures)
{
    private const int DateLength = 10;

    /// <summary>The same as OpenRouter's own total.</summary>
    public required VendorTotal Total { get; init; }

    public static ActivityRow Read(JsonElement row)
    {
        var model = row.Text("model") ?? row.Text("model_permaslug") ?? throw new FormatException("it names no model");
        var (day, permaslug) = (DayOf(row.Text("date") ?? ""), row.Text("model_permaslug") ?? model);
        return new ActivityRow(day, model, permaslug, new DayFigures(
            Figure(row, "prompt_tokens"), Figure(row, "completion_tokens"), Figure(row, "reasoning_tokens"), Figure(row, "requests"),
            Figure(row, "usage"), Figure(row, "byok_usage_inference")))
        {
            Total = TotalOf(row, day, permaslug),
        };
    }

    /// <summary>What an own provider charges (<c>byok_usage_inference</c>) is not OpenRouter's, and not in the sum.</summary>
    private static VendorTotal TotalOf(JsonElement row, LocalDate day, string permaslug)
    {
        var tokens = ExactSum.Of([Figure(row, "prompt_tokens"), Figure(row, "completion_tokens")]);
        return TotalRules.Kept(new VendorTotal(day, day, $"{permaslug}@{row.Text("endpoint_id")}", tokens, "token", row.Number("usage"), Currencies.Default)
        {
            Metric = "llm.generation",
            Records = TotalRules.Records(row.Number("requests")),
        });
    }

    /// <summary>A time may follow the date.</summary>
    private static LocalDate DayOf(string text) =>
        LocalDatePattern.Iso.Parse(text.Length > DateLength ? text[..DateLength] : text) is { Success: true } day
            ? day.Value
            : throw new FormatException("date is no date");

    private static decimal Figure(JsonElement row, string name) => row.Number(name) ?? 0;
}
