using NodaTime;

namespace UsageLedger.Reporting;

/// <summary>
/// The days of UTC that a span of hours holds whole, each counted in the window in which its middle lies, and the hours of theirs that lie in another one.
/// </summary>
/// <param name="Moved">Oldest first; each within one day and one window.</param>
internal sealed record WholeDays(Instant From, Instant To, IReadOnlyList<Interval> Moved)
{
    private static readonly Duration Noon = Duration.FromHours(12);

    /// <summary>Null where days would save nothing: there is no whole one, or windows are shorter.</summary>
    public static WholeDays? Of(UsageSpan span)
    {
        var (from, to) = (UpToDay(span.QuartersFrom), DownToDay(span.QuartersTo));
        return from < to && span.Windows.Count <= (to - from).Days + 2
            ? new WholeDays(from, to, [.. MovedBetween(from, to, [.. span.Windows.Select(window => window.Start)])])
            : null;
    }

    private static IEnumerable<Interval> MovedBetween(Instant from, Instant to, Instant[] starts)
    {
        foreach (var cut in starts.Where(start => from < start && start < to && start != DownToDay(start)).GroupBy(DownToDay))
        {
            var edges = cut.Prepend(cut.Key).Append(cut.Key + Duration.FromDays(1)).ToList();
            var pieces = edges.Zip(edges.Skip(1), (start, end) => new Interval(start, end));
            foreach (var piece in pieces.Where(piece => !piece.Contains(cut.Key + Noon)))
            {
                yield return piece;
            }
        }
    }

    private static Instant DownToDay(Instant instant) => instant.InUtc().Date.AtMidnight().InUtc().ToInstant();

    private static Instant UpToDay(Instant instant) => DownToDay(instant) is var down && down == instant ? instant : down + Duration.FromDays(1);
}
