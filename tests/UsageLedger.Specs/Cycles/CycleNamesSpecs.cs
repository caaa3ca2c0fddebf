using UsageLedger.Cycles.Calendar;
using static UsageLedger.Specs.Cycles.World;

namespace UsageLedger.Specs.Cycles;

public sealed class CycleNamesSpecs
{
    private static readonly NodaTime.Instant Now = At("2026-11-21T04:00:00Z");

    [Theory]
    [InlineData("2026-10-01", "2026-10-01")]
    [InlineData("2026-10", "2026-10-01")]
    [InlineData("current", "2026-11-01")]
    [InlineData("1970-01-01", "1970-01-01")]
    public void A_calendar_month_answers_to_its_date_its_month_and_current(string name, string id) =>
        Find(Monthly("Europe/Berlin"), name).ShouldBe(id);

    [Theory]
    [InlineData("2026-10-02")]
    [InlineData("2026-12-01")]
    [InlineData("2026-12")]
    [InlineData("1969-12-01")]
    [InlineData("2026-13")]
    [InlineData("Current")]
    [InlineData(" 2026-10-01")]
    [InlineData("2026-10-1")]
    [InlineData("")]
    public void What_is_no_boundary_up_to_now_is_no_cycle(string name) =>
        Find(Monthly("Europe/Berlin"), name).ShouldBeNull();

    [Fact]
    public void A_month_is_no_name_where_cycles_are_no_calendar_months()
    {
        Find(Monthly("UTC", 2), "2026-10").ShouldBeNull();

        // 1 June 2026 is a Monday.
        Find(Weekly("UTC"), "2026-06").ShouldBeNull();
        Find(Weekly("UTC"), "2026-06-01").ShouldBe("2026-06-01");
    }

    private static string? Find(CycleRule rule, string name) => new ClientCalendar(rule).Find(name, Now)?.Id.ToString();
}
