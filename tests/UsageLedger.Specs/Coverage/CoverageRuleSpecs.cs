using NodaTime;
using UsageLedger.Coverage;

namespace UsageLedger.Specs.Coverage;

/// <summary>What is covered, what is a hole, and what both are worth.</summary>
public sealed class CoverageRuleSpecs
{
    private static readonly LocalDate Day = new(2026, 10, 1);
    private static readonly Instant Start = Instant.FromUtc(2026, 10, 1, 0, 0);
    private static readonly Instant End = Start + Duration.FromDays(1);
    private static readonly Instant Later = End + Duration.FromDays(3);

    [Fact]
    public void An_hour_that_a_completed_run_held_whole_is_covered()
    {
        var covered = Judge(Listing() with { Runs = Proven(0, 23) });

        covered.Hours.Count(hour => hour.Covered).ShouldBe(23);
        covered.Coverage.ShouldBe(0.958333m);
        covered.Holes.ShouldBe([new CoverageHole("main", At(23), End, 1, null, 0)]);
        covered.CaptureRate.ShouldBeNull();
    }

    [Fact]
    public void Where_the_vendor_counts_more_than_was_found_in_an_hour_it_is_a_hole_whatever_runs_say()
    {
        var covered = Judge(Listing() with { Runs = Proven(0, 24), Found = [Found(5, 3, 0)], Totals = [Total(5, 5), Total(6, 0)] });

        covered.Holes.ShouldBe([new CoverageHole("main", At(5), At(6), 1, 5, 3)]);
        covered.CaptureRate.ShouldBe(0.6m);
        covered.Days.Single().Metrics.ShouldBe([new CoverageMetric("call", 5, 3, Later)]);
        (covered.Goals.CoverageReached, covered.Goals.CaptureRateReached).ShouldBe((true, false));
    }

    [Fact]
    public void Of_a_day_that_lacks_something_the_hours_that_no_run_held_are_the_hole()
    {
        var covered = Judge(Listing() with { Runs = Proven(0, 20), Found = [Found(3, 4, 0), Found(21, 1, 0)], Totals = [OfDay(10)] });

        covered.Holes.ShouldBe([new CoverageHole("main", At(20), End, 4, 6, 1)]);
    }

    [Fact]
    public void Of_a_day_that_lacks_something_though_runs_held_all_of_it_the_whole_day_is_the_hole()
    {
        var covered = Judge(Listing() with { Runs = Proven(0, 24), Found = [Found(3, 4, 0)], Totals = [OfDay(10)] });

        covered.Holes.ShouldBe([new CoverageHole("main", Start, End, 24, 10, 4)]);
    }

    [Fact]
    public void What_the_vendor_counts_a_day_later_covers_hours_that_no_run_held()
    {
        var facts = Listing() with { Found = [Found(3, 10, 0)], Totals = [OfDay(10)] };

        Judge(facts).Coverage.ShouldBe(1);
        Judge(facts with { Totals = [OfDay(10) with { AsOf = End + Duration.FromHours(2) }] }).Coverage.ShouldBe(0);
    }

    [Fact]
    public void A_vendor_that_lists_nothing_is_expected_by_whole_days_and_proven_by_a_run_after_them()
    {
        var facts = Listing() with { ListsRecords = false };

        CoverageRule.Of(facts, Start, End, End).Hours.ShouldBeEmpty();
        Judge(facts with { Runs = Proven(0, 24) }).Coverage.ShouldBe(1);
        Judge(facts with { Runs = Proven(0, 24).ToDictionary(run => run.Key, _ => new RunHour(At(23), 0)) }).Coverage.ShouldBe(0);
    }

    [Fact]
    public void Nothing_is_expected_before_collecting_began_nor_of_an_hour_that_is_hardly_over()
    {
        var covered = CoverageRule.Of(Listing() with { Since = At(2) + Duration.FromMinutes(40) }, Start, End, At(7) + Duration.FromMinutes(50));

        covered.Hours.Select(hour => hour.Hour).ShouldBe([At(2), At(3), At(4), At(5)]);
    }

    [Fact]
    public void Of_the_day_in_which_collecting_began_the_vendors_count_is_not_expected()
    {
        var covered = Judge(Listing() with { Since = At(12), Runs = Proven(12, 24), Totals = [OfDay(100)] });

        (covered.Coverage, covered.CaptureRate).ShouldBe((1, null));
    }

    [Fact]
    public void A_webhook_that_a_run_listed_too_came_by_both()
    {
        var runs = Proven(0, 24);
        runs[At(4)] = new RunHour(End, 9);
        var hour = Judge(Listing() with { Runs = runs, Found = [Found(4, 7, 3)] }).Hours[4];

        (hour.ByWebhook, hour.ByPoll, hour.Both).ShouldBe((1, 3, 6));
        Judge(Listing() with { Found = [Found(4, 7, 3)] }).WebhookShare.ShouldBe(0.7m);
    }

    [Fact]
    public void What_was_found_of_one_metric_beyond_the_vendors_count_stands_for_nothing_that_another_lacks()
    {
        FoundHour[] found = [Found(1, 9, 0), Found(1, 3, 0) with { Metric = "sms" }];
        KnownTotal[] totals = [OfDay(5), OfDay(5) with { Metric = "sms" }];

        Judge(Listing() with { Counted = ["call", "sms"], Found = found, Totals = totals }).CaptureRate.ShouldBe(0.8m);
    }

    [Fact]
    public void A_part_of_a_day_is_judged_by_the_whole_of_it()
    {
        var facts = Listing() with { Runs = Proven(5, 24), Found = [Found(3, 4, 0)], Totals = [OfDay(10)] };

        CoverageRule.Of(facts, At(12), End, Later).Holes.ShouldBeEmpty();
        CoverageRule.Of(facts, Start, At(2), Later).Holes.ShouldBe([new CoverageHole("main", Start, At(2), 2, 6, 0)]);
    }

    [Fact]
    public void Holes_are_filled_by_one_window_each_and_by_whole_days_where_the_vendor_lists_nothing()
    {
        CoverageHole[] holes = [new("main", At(1), At(3), 2, null, 0), new("main", At(3), At(4), 1, 5, 2), new("main", At(9), At(10), 1, null, 0)];

        FillWindows.Of(holes, listsRecords: true).ShouldBe([(At(1), At(4)), (At(9), At(10))]);
        FillWindows.Of(holes, listsRecords: false).ShouldBe([(Start, End)]);
    }

    private static SourceCoverage Judge(SourceFacts facts) => CoverageRule.Of(facts, Start, End, Later);

    private static SourceFacts Listing() => new("main", "retell", Start - Duration.FromDays(9), ["call"], true, [], new Dictionary<Instant, RunHour>(), []);

    private static Dictionary<Instant, RunHour> Proven(int from, int to) =>
        Enumerable.Range(from, to - from).ToDictionary(At, _ => new RunHour(End, 0));

    private static FoundHour Found(int hour, long pushed, long polled) => new(At(hour), "call", pushed, polled);

    private static KnownTotal Total(int hour, long records) => new(Day, At(hour), "call", records, Later);

    private static KnownTotal OfDay(long records) => new(Day, null, "call", records, Later);

    private static Instant At(int hour) => Start + Duration.FromHours(hour);
}
