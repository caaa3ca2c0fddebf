using System.Collections.Concurrent;
using NodaTime;
using UsageLedger.Cycles.Calendar;
using static UsageLedger.Specs.Cycles.World;

namespace UsageLedger.Specs.Cycles;

/// <summary>The promise of quarter-hour sums: in every zone since 2000 hours and days are made of whole quarter hours.</summary>
public sealed class LocalWindowTimeSpecs
{
    private const int WindowsMax = 100_000;
    private static readonly Instant Since = At("2000-01-01T00:00:00Z");
    private static readonly Instant Until = At("2030-01-01T00:00:00Z");
    private static readonly Duration Quarter = Duration.FromMinutes(15);

    [Theory]
    [InlineData(WindowSize.Month)]
    [InlineData(WindowSize.Day)]
    public void Days_and_months_touch_and_begin_on_quarter_hours(WindowSize size) =>
        Everywhere(zone => Faults(new LocalWindows(zone, size), Since, Until)).ShouldBeEmpty();

    [Fact]
    public void Hours_touch_and_begin_on_quarter_hours_and_lie_in_one_day_around_every_change_of_clocks() =>
        Everywhere(zone => zone.GetZoneIntervals(Since, Until)
            .Where(interval => interval.HasStart && interval.Start > Since)
            .SelectMany(interval => Faults(
                new LocalWindows(zone, WindowSize.Hour), interval.Start - Duration.FromHours(26), interval.Start + Duration.FromHours(26)))).ShouldBeEmpty();

    private static IEnumerable<string> Faults(LocalWindows windows, Instant from, Instant to)
    {
        var days = windows with { Size = WindowSize.Day };
        LocalWindow? before = null;
        foreach (var window in windows.Covering(from, to, WindowsMax))
        {
            var length = window.End - window.Start;
            if (length <= Duration.Zero || (before is { } last && last.End != window.Start) || OffQuarter(window.Start) || OffQuarter(window.End))
            {
                yield return $"{before?.Told()} then {window.Told()}";
            }

            if (windows.At(window.Start) != window || windows.At(window.End - Duration.Epsilon) != window)
            {
                yield return $"{window.Told()} is not found by its instants";
            }

            if (windows.Size == WindowSize.Hour
                && (length > Duration.FromHours(1) || days.At(window.Start) != days.At(window.End - Duration.Epsilon)))
            {
                yield return $"{window.Told()} is no hour of one day";
            }

            before = window;
        }
    }

    private static bool OffQuarter(Instant instant) => instant.ToUnixTimeTicks() % Quarter.BclCompatibleTicks != 0;

    private static List<string> Everywhere(Func<DateTimeZone, IEnumerable<string>> faults)
    {
        var all = new ConcurrentBag<string>();
        Parallel.ForEach(Zones, zone =>
        {
            foreach (var fault in faults(zone).Take(3))
            {
                all.Add($"{zone.Id}: {fault}");
            }
        });
        return [.. all.Take(20)];
    }
}
