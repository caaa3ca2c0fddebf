using NodaTime;
using UsageLedger.Cycles.Calendar;
using static UsageLedger.Specs.Cycles.World;

namespace UsageLedger.Specs.Cycles;

public sealed class CycleRuleSpecs
{
    [Fact]
    public void A_monthly_cycle_begins_at_local_midnight_of_its_anchor_day() =>
        Monthly("Europe/Berlin", 15).CycleAt(At("2026-11-02T12:00:00Z")).Told()
            .ShouldBe("2026-10-15 [2026-10-14T22:00:00Z, 2026-11-14T23:00:00Z)");

    [Fact]
    public void The_start_is_inside_and_the_end_is_the_start_of_the_next()
    {
        var rule = Monthly("America/New_York");
        var october = rule.CycleAt(At("2026-10-01T04:00:00Z"));

        october.Id.ToString().ShouldBe("2026-10-01");
        rule.CycleAt(october.Start - Duration.Epsilon).Id.ToString().ShouldBe("2026-09-01");
        rule.CycleAt(october.End - Duration.Epsilon).ShouldBe(october);
        rule.CycleAt(october.End).Told().ShouldBe("2026-11-01 [2026-11-01T04:00:00Z, 2026-12-01T05:00:00Z)");
    }

    [Theory]
    [InlineData(29, "2026-02-15T00:00:00Z", "2026-01-29")]
    [InlineData(29, "2026-03-01T00:00:00Z", "2026-02-28")]
    [InlineData(29, "2028-03-01T00:00:00Z", "2028-02-29")]
    [InlineData(30, "2026-03-29T00:00:00Z", "2026-02-28")]
    [InlineData(31, "2026-03-30T00:00:00Z", "2026-02-28")]
    [InlineData(31, "2026-03-31T00:00:00Z", "2026-03-31")]
    [InlineData(31, "2026-05-01T00:00:00Z", "2026-04-30")]
    public void An_anchor_that_a_month_lacks_is_its_last_day(int anchorDay, string instant, string id) =>
        Monthly("UTC", anchorDay).CycleAt(At(instant)).Id.ToString().ShouldBe(id);

    [Theory]
    [InlineData(1, "2026-11-16")]
    [InlineData(5, "2026-11-20")]
    [InlineData(6, "2026-11-21")]
    [InlineData(7, "2026-11-15")]
    public void A_week_begins_on_its_ISO_day(int anchorDay, string id) =>
        Weekly("UTC", anchorDay).CycleAt(At("2026-11-21T00:00:00Z")).Id.ToString().ShouldBe(id);

    [Fact]
    public void A_midnight_that_clocks_skip_begins_at_the_first_instant_after_the_gap() =>
        Weekly("America/Sao_Paulo", 7).CycleAt(At("2018-11-04T12:00:00Z")).Told()
            .ShouldBe("2018-11-04 [2018-11-04T03:00:00Z, 2018-11-11T02:00:00Z)");

    [Fact]
    public void Of_two_midnights_the_earlier_begins_the_cycle()
    {
        // Havana sets its clocks from 01:00 back to 00:00: midnight comes at 04:00Z and again at 05:00Z.
        var rule = Monthly("America/Havana");

        rule.CycleAt(At("2015-11-01T04:00:00Z")).Told().ShouldBe("2015-11-01 [2015-11-01T04:00:00Z, 2015-12-01T05:00:00Z)");
        rule.CycleAt(At("2015-11-01T03:59:59Z")).Id.ToString().ShouldBe("2015-10-01");
    }

    [Fact]
    public void The_hour_before_midnight_shown_again_belongs_to_the_cycle_already_begun()
    {
        // St. John's set its clocks from 00:01 back to 23:01 on 1 November 2009.
        var rule = Monthly("America/St_Johns");

        rule.CycleAt(At("2009-11-01T02:30:00Z")).Id.ToString().ShouldBe("2009-11-01");
        rule.CycleAt(At("2009-11-01T03:00:00Z")).Id.ToString().ShouldBe("2009-11-01");
        rule.CycleAt(At("2009-11-01T02:29:59Z")).Id.ToString().ShouldBe("2009-10-01");
    }

    [Fact]
    public void A_date_that_never_was_keeps_its_name_and_begins_after_the_gap()
    {
        // Apia went from 29 to 31 December 2011.
        var rule = Monthly("Pacific/Apia", 30);
        var cycle = rule.CycleAt(At("2012-01-10T00:00:00Z"));

        cycle.Told().ShouldBe("2011-12-30 [2011-12-30T10:00:00Z, 2012-01-29T10:00:00Z)");
        rule.CycleOf(cycle.Id).ShouldBe(cycle);
        rule.CycleAt(At("2011-12-30T09:59:59Z")).Told().ShouldBe("2011-11-30 [2011-11-30T10:00:00Z, 2011-12-30T10:00:00Z)");
    }

    [Theory]
    [InlineData("2026-10-02")]
    [InlineData("0001-01-01")]
    [InlineData("9999-12-01")]
    public void A_date_that_is_no_boundary_names_no_cycle(string date) =>
        Monthly("UTC").CycleOf(CycleId.Parse(date)!.Value).ShouldBeNull();

    [Fact]
    public void A_cycle_is_open_until_its_end_and_closing_until_it_is_closed()
    {
        var cycle = Monthly("UTC").CycleAt(At("2026-10-10T00:00:00Z"));

        cycle.StatusAt(cycle.End - Duration.Epsilon, closed: false).ShouldBe(CycleStatus.Open);
        cycle.StatusAt(cycle.End, closed: false).ShouldBe(CycleStatus.Closing);
        cycle.StatusAt(cycle.End, closed: true).ShouldBe(CycleStatus.Closed);
    }
}
