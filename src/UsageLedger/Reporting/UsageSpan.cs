using NodaTime;
using UsageLedger.Answering;
using UsageLedger.Cycles.Calendar;

namespace UsageLedger.Reporting;

/// <summary>
/// The time that a page of usage covers: whole quarter hours, which the read model holds, and at either end the part of a quarter hour that
/// is left, which only the events themselves can tell.
/// </summary>
/// <param name="Windows">Oldest first, without gaps.</param>
internal sealed record UsageSpan(
    Instant From, Instant To, Instant QuartersFrom, Instant QuartersTo, Instant FirstPartTo, Instant LastPartFrom, IReadOnlyList<LocalWindow> Windows)
{
    public const int WindowsMax = 100_000;

    private static readonly long QuarterTicks = Duration.FromMinutes(15).BclCompatibleTicks;

    public bool HasParts => From < FirstPartTo || LastPartFrom < To;

    /// <summary>Neither an end nor a window cuts an hour of UTC.</summary>
    public bool IsOfHours => IsOnHour(QuartersFrom) && IsOnHour(QuartersTo) && Windows.Skip(1).All(window => IsOnHour(window.Start));

    /// <summary>The earliest instant that only events can tell.</summary>
    public Instant PartsFrom => From < FirstPartTo ? From : LastPartFrom;

    /// <summary>The quarter hours that are not counted whole.</summary>
    public IEnumerable<Instant> CutQuarters => new[] { From, To }.Where(end => !IsOnQuarter(end)).Select(DownToQuarter);

    public static bool IsOnQuarter(Instant instant) => DownToQuarter(instant) == instant;

    /// <summary>Null when there are too many windows.</summary>
    public static UsageSpan? Of(ReadUsage query)
    {
        var from = Within(query.From);
        from = query.Windows is not null && query.After is { } after ? Within(Instant.Max(from, after.WindowStart)) : from;
        var to = Instant.Max(Instant.Min(query.To, TimeBounds.End), from);
        var windows = query.Windows is { } local
            ? local.Covering(from, to, WindowsMax + 1).ToList()
            : [new LocalWindow(query.From, query.To)];
        if (windows.Count > WindowsMax)
        {
            return null;
        }

        var (up, down) = (UpToQuarter(from), DownToQuarter(to));
        var firstPartTo = Instant.Min(up, to);
        return new UsageSpan(from, to, up, Instant.Max(down, up), firstPartTo, Instant.Max(down, firstPartTo), windows);
    }

    private static bool IsOnHour(Instant instant) => instant.ToUnixTimeTicks() % NodaConstants.TicksPerHour == 0;

    private static Instant Within(Instant instant) => Instant.Max(TimeBounds.Earliest, Instant.Min(instant, TimeBounds.End));

    private static Instant DownToQuarter(Instant instant)
    {
        var ticks = instant.ToUnixTimeTicks();
        return Instant.FromUnixTimeTicks(ticks - (((ticks % QuarterTicks) + QuarterTicks) % QuarterTicks));
    }

    private static Instant UpToQuarter(Instant instant) =>
        DownToQuarter(instant) is var down && down == instant ? instant : down + Duration.FromTicks(QuarterTicks);
}
