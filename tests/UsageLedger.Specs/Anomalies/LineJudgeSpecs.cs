using NodaTime;
using UsageLedger.Anomalies;

namespace UsageLedger.Specs.Anomalies;

public sealed class LineJudgeSpecs
{
    private static readonly AnomalyLine Line = new("contoso", null, "retell", "call", "sales", "second", "USD");
    private static readonly Instant Hour = Instant.FromUtc(2026, 10, 20, 14, 0);

    [Fact]
    public void A_line_that_never_changes_alarms_only_when_it_changes_much()
    {
        Found(Steady(8), 100).ShouldBeEmpty();
        Found(Steady(8), 101).ShouldBeEmpty("a scale of zero would make it an alarm");
        Found(Steady(8), 140).ShouldBeEmpty();
        Found(Steady(8), 260).ShouldBe([AnomalyKinds.Spike]);
        Found(Steady(8), 40).ShouldBe([AnomalyKinds.Drop]);
        Found(Steady(8), 0).ShouldBe([AnomalyKinds.MissingData]);
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(4, true)]
    public void No_rule_speaks_of_a_line_that_is_younger_than_four_weeks(int weeks, bool speaks)
    {
        Found(Steady(weeks), 1_000).Any().ShouldBe(speaks);
        Found(Steady(weeks), 0).Any().ShouldBe(speaks);
    }

    [Fact]
    public void Of_a_few_records_nothing_is_said()
    {
        Found(Steady(8, records: 1), 9).ShouldBeEmpty();
        Found(Steady(8, records: 1), 0).ShouldBeEmpty();
        Found(Steady(8, records: 3), 0, silentBefore: 4).ShouldBe([AnomalyKinds.MissingData], "five silent hours of three records each are too many");
    }

    [Fact]
    public void One_week_of_an_outage_does_not_change_what_is_usual()
    {
        Found(WithOutage(), 100).ShouldBeEmpty();
        Found(WithOutage(), 0).ShouldBe([AnomalyKinds.MissingData]);
    }

    [Fact]
    public void A_price_drifts_only_when_two_hours_say_so_and_nothing_is_pending()
    {
        Found(Priced(0.0013m, 0.0013m)).ShouldBe([AnomalyKinds.PriceDrift]);
        Found(Priced(0.00125m, 0.0013m)).ShouldBeEmpty();
        Found(Priced(0.0012m, 0.0013m)).ShouldBeEmpty("one is above and one below");
        Found(Priced(0.00126m, 0.00126m)).ShouldBeEmpty("a price that never changed may change by less than 2 %");
        Found(Priced(0.0013m, 0.0013m, pending: 1)).ShouldBeEmpty();
    }

    [Fact]
    public void What_comes_late_every_night_is_usual_even_an_hour_behind()
    {
        var line = Steady(8);
        for (var week = 1; week <= 8; week++)
            line.Add(At(week, 1), new HourSum(0, 0, 0, 0, 500));

        line.Add(At(0, 0), new HourSum(6_000, 7.5m, 100, 0, 500));
        Found(line).ShouldBeEmpty();
        line.Add(At(0, 1), new HourSum(0, 0, 0, 0, 500));
        Found(line).ShouldBe([AnomalyKinds.LateBurst], "it came already");
        Judge(line, isWatched: false).ShouldBeEmpty("whether it is late is not known of a client that is new here");
    }

    [Fact]
    public void An_open_anomaly_is_not_opened_again_and_is_over_only_where_an_hour_could_say_otherwise()
    {
        var open = new OpenAnomaly(Guid.Empty, Line, AnomalyKinds.Spike, Hour - Duration.FromHours(2), IsQuiet: false);

        Judge(With(Steady(8), 300), open).ShouldBeEmpty();
        Judge(With(Steady(8), 100), open).Single().Over.ShouldBe(open);
        Judge(With(Steady(8, records: 2), 2), open).ShouldBeEmpty("a night says nothing of a busy day");
        Judge(With(Steady(8, records: 2), 2), open with { IsQuiet = true }).Single().Over.ShouldNotBeNull();
        Judge(With(Steady(8), 300), open with { Hour = Hour - LineJudge.LastsMax }).Single().HasLasted.ShouldBeTrue();
    }

    [Fact]
    public void Hours_of_the_week_go_by_the_clients_clock()
    {
        var berlin = DateTimeZoneProviders.Tzdb["Europe/Berlin"];
        var monday = HoursOfWeek.Of(Instant.FromUtc(2026, 10, 26, 8, 0), berlin);

        HoursOfWeek.Start(monday[1, 0]).ShouldBe(Instant.FromUtc(2026, 10, 19, 7, 0), "nine o'clock was an hour earlier in summer");
        HoursOfWeek.Start(monday[0, 1]).ShouldBe(Instant.FromUtc(2026, 10, 26, 7, 0));
        for (var weeks = 0; weeks <= HoursOfWeek.WeeksMax; weeks++)
            for (var back = 0; back < HoursOfWeek.HoursMax; back++)
                new JudgedHours(monday.Hour, monday.Hour + Duration.FromHours(1)).Known()
                    .ShouldContain(time => HoursOfWeek.Start(monday[weeks, back]) >= time.Start && HoursOfWeek.Start(monday[weeks, back]) < time.End);
    }

    [Fact]
    public void The_largest_sums_that_are_read_do_not_overflow()
    {
        var line = new LineHours();
        for (var week = 0; week <= 8; week++)
            for (var back = 0; back < HoursOfWeek.HoursMax; back++)
                line.Add(At(week, back), new HourSum(week == 0 ? 1_000_000_000_000_000m : 0.000000001m, week % 2 == 0 ? -1_000_000_000_000_000m : 1_000_000_000_000_000m, long.MaxValue / 100, 0, 0));

        var changes = Judge(line);
        changes.ShouldContain(change => change.Found!.Kind == AnomalyKinds.Spike);
        changes.ForEach(change => AnomalySentence.Opened(Line, change.Found!, Hour).ShouldNotBeEmpty());
    }

    private static LineHours Steady(int weeks, int records = 100)
    {
        var line = new LineHours();
        for (var week = 0; week <= weeks; week++)
            for (var back = week == 0 ? 1 : 0; back < HoursOfWeek.HoursMax; back++)
                line.Add(At(week, back), Sum(records));

        return line;
    }

    private static LineHours WithOutage()
    {
        var line = Steady(8);
        for (var back = 0; back < HoursOfWeek.HoursMax; back++)
            line.Add(At(3, back), new HourSum(-6_000, -7.5m, -100, 0, 0));

        return line;
    }

    private static LineHours With(LineHours line, int records)
    {
        line.Add(At(0, 0), Sum(records));
        return line;
    }

    private static LineHours Priced(decimal before, decimal now, int pending = 0)
    {
        var line = Steady(8);
        line.Add(At(0, 1), new HourSum(0, 6_000 * (before - 0.00125m), 0, 0, 0));
        line.Add(At(0, 0), new HourSum(6_000, 6_000 * now, 100, pending, 0));
        return line;
    }

    private static HourSum Sum(int records) => new(60 * records, 60 * records * 0.00125m, records, 0, 0);

    private static IEnumerable<string> Found(LineHours line, int records, int silentBefore = 0)
    {
        for (var back = 1; back <= silentBefore; back++)
            line.Add(At(0, back), line[At(0, back)] is var sum ? new HourSum(-sum.Quantity, -sum.Cost, -sum.Records, 0, 0) : default);

        return Found(With(line, records));
    }

    private static IEnumerable<string> Found(LineHours line) => Judge(line).Select(change => change.Found!.Kind);

    private static List<AnomalyChange> Judge(LineHours line, OpenAnomaly? open = null, bool isWatched = true) =>
        [.. LineJudge.Judge(LineWindow.Of(line, HoursOfWeek.Of(Hour, DateTimeZone.Utc), isWatched), false, open is null ? [] : [open], Hour)];

    private static long At(int week, int back) => HoursOfWeek.Number(Hour - Duration.FromDays(7 * week) - Duration.FromHours(back));
}
