using UsageLedger.Cycles.Calendar;
using static UsageLedger.Specs.Cycles.World;

namespace UsageLedger.Specs.Cycles;

public sealed class ClientCalendarSpecs
{
    private static readonly NodaTime.Instant Now = At("2026-10-20T00:00:00Z");

    [Fact]
    public void A_change_takes_effect_when_the_open_cycle_ends_and_a_stub_runs_to_the_first_new_boundary()
    {
        var calendar = Changed(new ClientCalendar(Monthly("UTC")), Monthly("Europe/Berlin", 15));

        Told(calendar, "2026-09-15T00:00:00Z", "2026-12-20T00:00:00Z").ShouldBe(
        [
            "2026-09-01 [2026-09-01T00:00:00Z, 2026-10-01T00:00:00Z)",
            "2026-10-01 [2026-10-01T00:00:00Z, 2026-11-01T00:00:00Z)",
            "2026-11-01 [2026-11-01T00:00:00Z, 2026-11-14T23:00:00Z)",
            "2026-11-15 [2026-11-14T23:00:00Z, 2026-12-14T23:00:00Z)",
            "2026-12-15 [2026-12-14T23:00:00Z, 2027-01-14T23:00:00Z)"
        ]);
        calendar.RuleAt(Now).Zone.Id.ShouldBe("UTC");
        calendar.RuleAt(At("2026-11-01T00:00:00Z")).Zone.Id.ShouldBe("Europe/Berlin");
    }

    [Fact]
    public void There_is_no_stub_when_old_and_new_boundary_fall_together() =>
        Told(Changed(new ClientCalendar(Monthly("UTC")), Weekly("UTC", 7)), "2026-10-31T00:00:00Z", "2026-11-08T00:00:00Z").ShouldBe(
        [
            "2026-10-01 [2026-10-01T00:00:00Z, 2026-11-01T00:00:00Z)",
            "2026-11-01 [2026-11-01T00:00:00Z, 2026-11-08T00:00:00Z)"
        ]);

    [Fact]
    public void Two_boundaries_at_one_instant_make_no_empty_cycle()
    {
        // In Apia 30 December 2011 began when the 31st did: the month's anchor, and the Saturday of the new weeks.
        var monthly = new ClientCalendar(Monthly("Pacific/Apia", 30));

        Told(Changed(monthly, Weekly("Pacific/Apia", 6), "2011-12-10T00:00:00Z"), "2011-12-10T00:00:00Z", "2012-01-06T00:00:00Z").ShouldBe(
        [
            "2011-11-30 [2011-11-30T10:00:00Z, 2011-12-30T10:00:00Z)",
            "2011-12-31 [2011-12-30T10:00:00Z, 2012-01-06T10:00:00Z)"
        ]);
    }

    [Theory]
    [InlineData(7, "2026-10-26 [2026-10-26T00:00:00Z, 2026-11-01T11:00:00Z)")]
    [InlineData(1, "2026-10-26 [2026-10-26T00:00:00Z, 2026-11-02T11:00:00Z)")]
    public void A_name_once_taken_is_not_given_again(int anchorDay, string second)
    {
        // The first stub is named for Sunday in UTC; when it ends it is still that Sunday in Niue, a day behind.
        var once = Changed(new ClientCalendar(Weekly("Pacific/Kiritimati")), Weekly("UTC"));
        var twice = Changed(once, Weekly("Pacific/Niue", anchorDay), "2026-10-25T10:00:00Z");

        Told(twice, "2026-10-25T00:00:00Z", "2026-10-27T00:00:00Z").ShouldBe(
        [
            "2026-10-19 [2026-10-18T10:00:00Z, 2026-10-25T10:00:00Z)",
            "2026-10-25 [2026-10-25T10:00:00Z, 2026-10-26T00:00:00Z)",
            second
        ]);
    }

    [Fact]
    public void A_second_change_within_the_open_cycle_replaces_the_first()
    {
        var calendar = new ClientCalendar(Monthly("UTC"));
        var once = Changed(calendar, Weekly("Asia/Tokyo"));
        var twice = Changed(once, Monthly("UTC", 3));

        Told(twice, "2026-10-20T00:00:00Z", "2026-11-10T00:00:00Z").ShouldBe(
        [
            "2026-10-01 [2026-10-01T00:00:00Z, 2026-11-01T00:00:00Z)",
            "2026-11-01 [2026-11-01T00:00:00Z, 2026-11-03T00:00:00Z)",
            "2026-11-03 [2026-11-03T00:00:00Z, 2026-12-03T00:00:00Z)"
        ]);
        Told(Changed(once, Monthly("UTC")), "2026-10-20T00:00:00Z", "2027-02-01T00:00:00Z")
            .ShouldBe(Told(calendar, "2026-10-20T00:00:00Z", "2027-02-01T00:00:00Z"));
    }

    [Fact]
    public void Without_an_instant_the_new_rule_holds_from_the_beginning() =>
        Told(Changed(new ClientCalendar(Monthly("UTC")), Weekly("UTC")).Changed(Monthly("UTC", 15), null), "2026-10-20T00:00:00Z", "2026-10-21T00:00:00Z")
            .ShouldBe(["2026-10-15 [2026-10-15T00:00:00Z, 2026-11-15T00:00:00Z)"]);

    [Fact]
    public void Only_the_cycles_of_their_own_time_have_names()
    {
        var calendar = Changed(new ClientCalendar(Monthly("UTC")), Monthly("UTC", 15));

        calendar.CycleOf(CycleId.Parse("2026-10-15")!.Value).ShouldBeNull();
        calendar.CycleOf(CycleId.Parse("2026-12-01")!.Value).ShouldBeNull();
        calendar.CycleOf(CycleId.Parse("2026-11-01")!.Value).Told().ShouldBe("2026-11-01 [2026-11-01T00:00:00Z, 2026-11-15T00:00:00Z)");
        calendar.Find("2026-11", At("2026-12-01T00:00:00Z")).ShouldBeNull();
    }

    [Fact]
    public void The_neighbours_of_a_cycle_touch_it()
    {
        var calendar = Changed(new ClientCalendar(Monthly("UTC")), Weekly("UTC"));
        var stub = calendar.CycleAt(At("2026-11-01T12:00:00Z"));

        calendar.Previous(stub).End.ShouldBe(stub.Start);
        calendar.Next(stub).Start.ShouldBe(stub.End);
    }

    private static ClientCalendar Changed(ClientCalendar calendar, CycleRule rule, string? now = null) =>
        calendar.Changed(rule, calendar.CycleAt(now is null ? Now : At(now)).End);

    private static List<string> Told(ClientCalendar calendar, string from, string to) =>
        [.. calendar.Between(At(from), At(to)).Select(cycle => cycle.Told())];
}
