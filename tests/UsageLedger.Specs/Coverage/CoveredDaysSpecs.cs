using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using UsageLedger.Coverage;

namespace UsageLedger.Specs.Coverage;

/// <summary>A share that is made of whole days is the share of the single hours.</summary>
public sealed class CoveredDaysSpecs
{
    private const int Days = 3;
    private static readonly Instant Start = Instant.FromUtc(2026, 10, 1, 0, 0);
    private static readonly string[] Metrics = ["sms", "mms", "call"];
    private static readonly string[] Counted = ["sms+mms", "call", "sms"];

    [Fact]
    public void Of_any_source_days_and_hours_tell_the_same()
    {
        var shares = new HashSet<(long, long)>();
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), number =>
        {
            var random = new Random(number);
            var facts = Facts(random);
            var from = Start + Duration.FromMinutes(random.Next(-200, 2_000));
            var (to, now) = (from + Duration.FromMinutes(random.Next(1, 4_000)), Start + Duration.FromMinutes(random.Next(-100, 9_000)));

            var told = CoveredByTheBook.Of(facts, from, to, now);

            new CoveredDays(facts.Since, facts.ListsRecords, InDays(facts)).Within(from, to, now).ShouldBe(told);
            var hours = CoverageRule.Of(facts, from, to, now).Hours;
            (hours.Count, (long)hours.Count(hour => hour.Covered)).ShouldBe(((int)told.Expected, told.Covered));
            shares.Add(told);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

        shares.Count.ShouldBeGreaterThan(300);
    }

    /// <summary>What a projection makes of the rows.</summary>
    private static Dictionary<LocalDate, DayKnown> InDays(SourceFacts facts) => Enumerable.Range(0, Days)
        .Select(n => (Day: Start.InUtc().Date.PlusDays(n), At: Start + Duration.FromDays(n)))
        .ToDictionary(day => day.Day, day => DayKnown.Of(new DayFacts(
            Bits(day.At, facts, (at, to) => to >= at + Duration.FromHours(1)), Bits(day.At, facts, (_, to) => to >= day.At + Duration.FromDays(1)),
            [.. facts.Totals.Where(total => total.Day == day.Day).GroupBy(total => total.Metric).Select(metric => new DayTotal(
                metric.Key,
                metric.Any(total => total.At is not null) ? [.. Hours(day.At, at => metric.SingleOrDefault(total => total.At == at)?.Records)] : null,
                metric.SingleOrDefault(total => total.At is null)?.Records, metric.First().AsOf))],
            [.. Metrics.Select(metric => Found(metric, day.At, facts))])));

    private static DayFound Found(string metric, Instant day, SourceFacts facts)
    {
        var hours = Hours(day, at => facts.Found.Where(found => found.Metric == metric && found.Hour == at).Sum(found => found.All)).ToList();
        return new DayFound(metric, hours.Sum(), hours);
    }

    private static int Bits(Instant day, SourceFacts facts, Func<Instant, Instant, bool> holds) =>
        Hours(day, at => facts.Runs.TryGetValue(at, out var run) && run.ProvenTo is { } to && holds(at, to)).Select((bit, n) => bit ? 1 << n : 0).Sum();

    private static IEnumerable<T> Hours<T>(Instant day, Func<Instant, T> of) => Enumerable.Range(0, 24).Select(n => of(day + Duration.FromHours(n)));

    private static SourceFacts Facts(Random random)
    {
        var hours = Enumerable.Range(0, Days * 24).Select(n => Start + Duration.FromHours(n)).ToList();
        var (often, full) = (random.Next(1, 4), random.Next(0, 3) == 0);
        var found = hours.SelectMany(hour => Metrics.Where(_ => random.Next(often) == 0).Select(metric => new FoundHour(hour, metric, random.Next(3), random.Next(3)))).ToList();
        var runs = hours.Where(_ => full || random.Next(4) > 0).ToDictionary(
            hour => hour, hour => new RunHour(random.Next(9) == 0 ? null : hour + Duration.FromHours(random.Next(1, 40)), random.Next(4)));
        var totals = Enumerable.Range(0, Days).SelectMany(n => TotalsOf(random, Start.InUtc().Date.PlusDays(n), Start + Duration.FromDays(n), found)).ToList();
        return new SourceFacts(
            "main", "twilio", Start + Duration.FromMinutes(random.Next(-3_000, 3_000)), Metrics, random.Next(3) > 0, found, runs, totals);
    }

    /// <summary>Mostly what was found, so that days are whole as often as not. A day is asked for at once.</summary>
    private static IEnumerable<KnownTotal> TotalsOf(Random random, LocalDate day, Instant start, List<FoundHour> found)
    {
        var asOf = start + Duration.FromHours(random.Next(20, 60));
        var more = random.Next(3) == 0 ? 1 : 0;
        foreach (var metric in Counted.Where(_ => random.Next(2) == 0))
        {
            long Of(Instant from, Instant to) =>
                found.Where(hour => hour.Hour >= from && hour.Hour < to && metric.Split('+').Contains(hour.Metric)).Sum(hour => hour.All) + (random.Next(4) == 0 ? more : 0);
            if (random.Next(2) == 0)
            {
                yield return new KnownTotal(day, null, metric, Of(start, start + Duration.FromDays(1)), asOf);
            }

            for (var hour = 0; hour < 24 && random.Next(30) > 0 && more == 0; hour++)
            {
                var at = start + Duration.FromHours(hour);
                yield return new KnownTotal(day, at, metric, Of(at, at + Duration.FromHours(1)) + (random.Next(12) == 0 ? 1 : 0), asOf);
            }
        }
    }
}
