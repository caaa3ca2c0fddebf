using UsageLedger.Cycles.Calendar;

namespace UsageLedger.Specs.Cycles;

public sealed class CycleRuleRefusalSpecs
{
    [Theory]
    [InlineData("Europe/Berlin", "monthly", 31)]
    [InlineData("America/Argentina/ComodRivadavia", "weekly", 7)]
    [InlineData("UTC", null, null)]
    [InlineData(null, null, null)]
    public void A_rule_of_a_known_zone_and_a_day_of_its_period_stands(string? zone, string? period, int? anchorDay) =>
        Refusals(zone, period, anchorDay).ShouldBeEmpty();

    [Fact]
    public void What_is_absent_is_that_of_a_client_nobody_registered()
    {
        CycleRule.TryCreate(null, null, null, out var rule, out _).ShouldBeTrue();

        rule.ShouldBe(CycleRule.Default);
        (rule.Zone.Id, rule.Period, rule.AnchorDay).ShouldBe(("UTC", CyclePeriod.Monthly, 1));
    }

    [Theory]
    [InlineData("europe/berlin")]
    [InlineData("Europe/Atlantis")]
    [InlineData("UTC+02")]
    [InlineData("W. Europe Standard Time")]
    [InlineData("")]
    public void Only_a_name_of_the_IANA_database_is_a_time_zone(string zone) =>
        Refusals(zone, "monthly", 1).ShouldBe(["unknown_time_zone timeZone"]);

    [Theory]
    [InlineData("Monthly")]
    [InlineData("daily")]
    [InlineData("")]
    public void A_period_is_monthly_or_weekly(string period) =>
        Refusals("UTC", period, 1).ShouldBe(["unknown_period period"]);

    [Theory]
    [InlineData("monthly", 0)]
    [InlineData("monthly", 32)]
    [InlineData("weekly", 8)]
    [InlineData("weekly", -1)]
    public void An_anchor_day_lies_in_its_period(string period, int anchorDay) =>
        Refusals("UTC", period, anchorDay).ShouldBe(["anchor_day_out_of_range anchorDay"]);

    [Fact]
    public void Every_fault_is_told_at_once() =>
        Refusals("Mars", "yearly", 99).Count.ShouldBe(3);

    private static IReadOnlyList<string> Refusals(string? zone, string? period, int? anchorDay)
    {
        CycleRule.TryCreate(zone, period, anchorDay, out _, out var refusals).ShouldBe(refusals.Count == 0);
        return [.. refusals.Select(refusal => $"{refusal.Code} {refusal.Member}")];
    }
}
