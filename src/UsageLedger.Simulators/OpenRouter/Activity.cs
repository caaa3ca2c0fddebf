using System.Globalization;
using NodaTime;

namespace UsageLedger.Simulators.OpenRouter;

/// <summary>What <c>GET /activity</c> tells: days that are over, thirty at most, by model and endpoint; never by key.</summary>
internal static class Activity
{
    private const int Days = 30;

    /// <param name="date">One day alone; null: all.</param>
    /// <exception cref="FormatException">The day is no day of the last thirty.</exception>
    public static IEnumerable<object> Of(IEnumerable<Generation> generations, LocalDate today, LocalDate? date, bool byWorkspace)
    {
        var (first, last) = (today.PlusDays(-Days), today.PlusDays(-1));
        if (date is { } asked && (asked < first || asked > last))
        {
            throw new FormatException("Date must be within the last 30 (completed) UTC days");
        }

        return generations.Select(made => (Made: made, Date: made.EndedAt.InUtc().Date))
            .Where(line => line.Date >= first && line.Date <= last && (date is null || line.Date == date))
            .GroupBy(line => (line.Date, line.Made.Model), line => line.Made)
            .OrderByDescending(group => group.Key.Date).ThenBy(group => group.Key.Model.EndpointId, StringComparer.Ordinal)
            .Select(group => Row(group.Key.Date, group.Key.Model, [.. group], byWorkspace));
    }

    private static Dictionary<string, object> Row(LocalDate date, SimModel model, List<Generation> made, bool byWorkspace)
    {
        var row = new Dictionary<string, object>
        {
            ["byok_usage_inference"] = made.Where(one => one.IsByok).Sum(one => one.UpstreamCost),
            ["completion_tokens"] = made.Sum(one => (long)one.CompletionTokens),
            ["date"] = date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture),
            ["endpoint_id"] = model.EndpointId,
            ["model"] = model.Id,
            ["model_permaslug"] = model.Permaslug,
            ["prompt_tokens"] = made.Sum(one => (long)one.PromptTokens),
            ["provider_name"] = model.ProviderName,
            ["reasoning_tokens"] = made.Sum(one => (long)one.ReasoningTokens),
            ["requests"] = made.Count,
            ["usage"] = made.Sum(one => one.Cost),
        };
        if (byWorkspace)
        {
            row["workspace_id"] = OpenRouterWire.Workspace;
        }

        return row;
    }
}
