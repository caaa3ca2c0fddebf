using System.Collections.Concurrent;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using UsageLedger.Cycles.Calendar;
using static UsageLedger.Specs.Cycles.World;

namespace UsageLedger.Specs.Cycles;

/// <summary>The promise: every IANA zone, more than ten years, no gap and no overlap.</summary>
public sealed class CycleTimeSpecs
{
    private static readonly Instant From = At("2009-01-01T00:00:00Z");
    private static readonly Instant To = At("2025-01-01T00:00:00Z");

    [Fact]
    public void Every_instant_is_in_exactly_one_cycle_in_every_zone_over_16_years()
    {
        var faults = new ConcurrentBag<string>();
        Parallel.ForEach(Zones, zone =>
        {
            foreach (var (period, anchorDay) in Anchors)
            {
                foreach (var fault in Faults(Rule(zone.Id, period, anchorDay)).Take(3))
                {
                    faults.Add($"{zone.Id} {period} {anchorDay}: {fault}");
                }
            }
        });
        faults.Take(20).ShouldBeEmpty();
    }

    [Fact]
    public void Changes_of_rule_leave_no_gap_no_overlap_and_no_name_twice() =>
        Prop.ForAll(Gen.Zip(Rules.ListOf(6), Gen.Elements(0, 0, 0, 1, 40).ListOf(5)).ToArbitrary(), given =>
        {
            var (rules, days) = given;
            var calendar = new ClientCalendar(rules[0]);
            var now = At("2011-10-01T00:00:00Z");
            foreach (var (rule, wait) in rules.Skip(1).Zip(days))
            {
                var begun = calendar.Between(From, calendar.CycleAt(now).End).ToList();
                calendar = calendar.Changed(rule, begun[^1].End);
                if (!calendar.Between(From, begun[^1].End).SequenceEqual(begun))
                {
                    return false;
                }

                now = begun[^1].End + Duration.FromDays(wait);
            }

            return !Faults(calendar, now + Duration.FromDays(200)).Any();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    private static Gen<CycleRule> Rules =>
        from zone in Gen.OneOf(Gen.Elements(Zones.ToArray()), Gen.Elements(Far), Gen.Elements(Far))
        from anchor in Gen.Elements(Anchors.ToArray())
        select Rule(zone.Id, anchor.Period, anchor.AnchorDay);

    /// <summary>Clocks 26 hours apart, and one that left out a day.</summary>
    private static DateTimeZone[] Far =>
        [.. new[] { "Pacific/Kiritimati", "Etc/GMT+12", "Pacific/Apia" }.Select(id => DateTimeZoneProviders.Tzdb[id])];

    private static IEnumerable<string> Faults(CycleRule rule) => Faults(new ClientCalendar(rule), To);

    private static IEnumerable<string> Faults(ClientCalendar calendar, Instant to)
    {
        Cycle? before = null;
        foreach (var cycle in calendar.Between(From, to))
        {
            if (cycle.Start >= cycle.End || (before is not null && (before.End != cycle.Start || before.Id >= cycle.Id)))
            {
                yield return $"{before.Told()} then {cycle.Told()}";
            }

            var middle = cycle.Start + ((cycle.End - cycle.Start) / 2);
            if (calendar.CycleAt(cycle.Start) != cycle || calendar.CycleAt(middle) != cycle
                || calendar.CycleAt(cycle.End - Duration.Epsilon) != cycle || calendar.CycleOf(cycle.Id) != cycle)
            {
                yield return $"{cycle.Told()} is not found by its instants and its name";
            }

            before = cycle;
        }
    }
}
