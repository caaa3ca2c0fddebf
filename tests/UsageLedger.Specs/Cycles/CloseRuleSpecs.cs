using UsageLedger.Cycles;
using UsageLedger.Cycles.Calendar;
using NodaTime;

namespace UsageLedger.Specs.Cycles;

public sealed class CloseRuleSpecs
{
    private static readonly CloseFigures Clean = new(0, 0, null, 0);
    private static readonly Cycle September = CycleRule.Default.CycleAt(Instant.FromUtc(2026, 9, 2, 0, 0));

    [Fact]
    public void A_coverage_that_nobody_knows_is_in_nobodys_way() => Unmet(Clean).ShouldBeEmpty();

    [Theory]
    [InlineData("0.949999", "coverage")]
    [InlineData("0.95", "")]
    [InlineData("1", "")]
    public void Coverage_should_come_to_its_goal(string coverage, string unmet) =>
        string.Join(' ', Unmet(Clean with { Coverage = decimal.Parse(coverage, System.Globalization.CultureInfo.InvariantCulture) })).ShouldBe(unmet);

    [Fact]
    public void Every_unmet_precondition_is_named_with_its_figure_and_its_goal()
    {
        var outcome = CloseRule.Decide(new CloseFigures(12, 3, 0.5m, 2), September, force: false)!;

        outcome.Verdict.ShouldBe(CloseVerdict.NotReady);
        CloseRule.Told(outcome).ShouldBe(
            "The cycle 2026-09-01 is not ready to be closed: pending_costs is 12 and should be 0, unattributed is 3 and should be 0, "
            + "coverage is 0.5 and should be 0.95, open_anomalies is 2 and should be 0. Closing it by force says so in the log.");
    }

    [Fact]
    public void Force_closes_whatever_is_not_met() => CloseRule.Decide(new CloseFigures(12, 3, 0.5m, 2), September, force: true).ShouldBeNull();

    [Fact]
    public void A_figure_that_could_not_be_read_is_not_met_and_has_no_figure()
    {
        var unmet = CloseRule.Unmet(Clean with { Unknown = ["coverage", "open_anomalies"] });

        unmet.ShouldBe([new ClosePrecondition("coverage", false, null, "0.95"), new ClosePrecondition("open_anomalies", false, null, "0")]);
    }

    private static IEnumerable<string> Unmet(CloseFigures figures) => CloseRule.Unmet(figures).Select(unmet => unmet.Name);
}
