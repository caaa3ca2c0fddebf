using System.Globalization;
using Spectre.Console;
using UsageLedger.Coverage;

namespace UsageLedger.Host.Verbs;

/// <summary>Coverage as a person reads it: by day, with the holes named.</summary>
internal static class CoverageTable
{
    public static void Print(SourceCoverage covered)
    {
        Output.Console.MarkupLineInterpolated($"[bold]{covered.SourceId}[/] ({covered.Provider}), {covered.From} to {covered.To}");
        Output.Console.MarkupLineInterpolated(
            $"coverage [bold]{Share(covered.Coverage)}[/] of the hours (goal: at least {Share(covered.Goals.Coverage)}), capture rate [bold]{Share(covered.CaptureRate)}[/] of what the vendor counts (goal: more than {Share(covered.Goals.CaptureRate)}), by webhook {Share(covered.WebhookShare)}");
        Output.Console.Write(Days(covered));
        foreach (var hole in covered.Holes)
        {
            Output.Console.MarkupLineInterpolated(
                $"hole {hole.From} to {hole.To}: {hole.Hours} hours, {(hole.Expected is { } expected ? $"{expected} expected, " : "")}{hole.Found} found");
        }

        if (covered.Holes.Count == 0)
        {
            Output.Console.WriteLine("There are no holes.");
        }
    }

    public static void Print(IReadOnlyList<DayRollup> days)
    {
        foreach (var day in days)
        {
            var state = day.CompleteAt is { } at ? $"complete at {at}" : "not complete";
            var waits = day.WaitsFor.Count > 0 ? $", {(day.CompleteAt is null ? "waits for" : "last was")} {string.Join(", ", day.WaitsFor)}" : "";
            Console.WriteLine($"{day.Day:uuuu-MM-dd} {state}{(day.Late ? ", late" : "")}{waits}");
        }

        if (days.Count == 0)
        {
            Console.WriteLine("No day was measured.");
        }
    }

    private static Table Days(SourceCoverage covered)
    {
        var table = new Table().AddColumn("day");
        foreach (var name in new[] { "hours", "webhook", "poll", "both", "expected", "found" })
        {
            table.AddColumn(name, column => column.RightAligned().NoWrap());
        }

        foreach (var day in covered.Days)
        {
            var hours = covered.Hours.Where(hour => hour.Hour.InUtc().Date == day.Day).ToList();
            var known = day.Metrics.Any(metric => metric.Expected is not null);
            table.AddRow(
                day.Day.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture), $"{hours.Count(hour => hour.Covered)}/{hours.Count}", Text(hours.Sum(hour => hour.ByWebhook)),
                Text(hours.Sum(hour => hour.ByPoll)), Text(hours.Sum(hour => hour.Both)), known ? Text(day.Metrics.Sum(metric => metric.Expected ?? 0)) : "-",
                Text(day.Metrics.Sum(metric => metric.Found)));
        }

        return table;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Share(decimal? share) => share is { } known ? $"{(known * 100).ToString("0.##", CultureInfo.InvariantCulture)}%" : "unknown";
}
