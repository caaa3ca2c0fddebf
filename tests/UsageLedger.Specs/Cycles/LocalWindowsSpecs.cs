using NodaTime;
using UsageLedger.Cycles.Calendar;
using static UsageLedger.Specs.Cycles.World;

namespace UsageLedger.Specs.Cycles;

public sealed class LocalWindowsSpecs
{
    [Theory]
    [InlineData("Asia/Kolkata", "2026-11-21T04:10:00Z", "[2026-11-21T03:30:00Z, 2026-11-21T04:30:00Z)")]
    [InlineData("Asia/Kathmandu", "2026-11-21T04:10:00Z", "[2026-11-21T03:15:00Z, 2026-11-21T04:15:00Z)")]
    [InlineData("Australia/Eucla", "2026-11-21T04:15:00Z", "[2026-11-21T04:15:00Z, 2026-11-21T05:15:00Z)")]
    public void An_hour_begins_with_the_wall_clock(string zone, string instant, string window) =>
        Hours(zone).At(At(instant)).Told().ShouldBe(window);

    [Fact]
    public void An_hour_that_comes_twice_in_autumn_is_two_windows() =>
        Told(Hours("Europe/Berlin"), "2026-10-25T00:00:00Z", "2026-10-25T02:00:00Z").ShouldBe(
        [
            "[2026-10-25T00:00:00Z, 2026-10-25T01:00:00Z)",
            "[2026-10-25T01:00:00Z, 2026-10-25T02:00:00Z)"
        ]);

    [Fact]
    public void Half_an_hour_that_comes_twice_is_a_window_of_its_own() =>

        // Lord Howe sets its clocks from 02:00 back to 01:30.
        Told(Hours("Australia/Lord_Howe"), "2026-04-04T14:00:00Z", "2026-04-04T16:00:00Z").ShouldBe(
        [
            "[2026-04-04T14:00:00Z, 2026-04-04T15:00:00Z)",
            "[2026-04-04T15:00:00Z, 2026-04-04T15:30:00Z)",
            "[2026-04-04T15:30:00Z, 2026-04-04T16:30:00Z)"
        ]);

    [Fact]
    public void Clocks_set_at_an_odd_minute_count_as_set_when_its_quarter_hour_began() =>

        // St. John's went from 00:01 back to 23:01.
        Told(Hours("America/St_Johns"), "2009-11-01T02:00:00Z", "2009-11-01T04:00:00Z").ShouldBe(
        [
            "[2009-11-01T01:30:00Z, 2009-11-01T02:30:00Z)",
            "[2009-11-01T02:30:00Z, 2009-11-01T03:30:00Z)",
            "[2009-11-01T03:30:00Z, 2009-11-01T04:30:00Z)"
        ]);

    [Theory]
    [InlineData("2026-03-29T12:00:00Z", 23)]
    [InlineData("2026-10-25T12:00:00Z", 25)]
    [InlineData("2026-11-21T12:00:00Z", 24)]
    public void A_day_is_as_long_as_its_clock_made_it(string instant, int hours)
    {
        var day = new LocalWindows(DateTimeZoneProviders.Tzdb["Europe/Berlin"], WindowSize.Day).At(At(instant));
        (day.End - day.Start).ShouldBe(Duration.FromHours(hours));
    }

    [Fact]
    public void A_day_that_never_was_is_no_window() =>
        Told(new LocalWindows(DateTimeZoneProviders.Tzdb["Pacific/Apia"], WindowSize.Day), "2011-12-29T10:00:00Z", "2011-12-30T10:00:01Z").ShouldBe(
        [
            "[2011-12-29T10:00:00Z, 2011-12-30T10:00:00Z)",
            "[2011-12-30T10:00:00Z, 2011-12-31T10:00:00Z)"
        ]);

    [Fact]
    public void A_month_is_the_cycle_of_anchor_1()
    {
        var months = new LocalWindows(DateTimeZoneProviders.Tzdb["America/Havana"], WindowSize.Month);
        var cycle = Monthly("America/Havana").CycleAt(At("2015-11-20T00:00:00Z"));

        months.At(At("2015-11-20T00:00:00Z")).ShouldBe(new LocalWindow(cycle.Start, cycle.End));
    }

    [Fact]
    public void Windows_cover_what_is_asked_and_no_more_than_the_limit()
    {
        var hours = Hours("Asia/Kolkata");
        var (from, to) = (At("2026-11-21T00:00:00Z"), At("2026-11-22T00:00:00Z"));

        hours.Covering(from, to, 100).Count().ShouldBe(25);
        hours.Covering(from, to, 10).Count().ShouldBe(10);
        hours.Covering(from, from, 10).ShouldBeEmpty();
    }

    private static LocalWindows Hours(string zone) => new(DateTimeZoneProviders.Tzdb[zone], WindowSize.Hour);

    private static List<string> Told(LocalWindows windows, string from, string to) =>
        [.. windows.Covering(At(from), At(to), 100).Select(window => window.Told())];
}
