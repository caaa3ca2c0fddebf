using NodaTime;
using UsageLedger.Collecting;
using UsageLedger.Collecting.Runs;

namespace UsageLedger.Specs.Collecting;

public sealed class LagRuleSpecs
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 2, 8, 0);
    private static readonly Source Hourly = new(
        "acme", "s", "fax", new Uri("https://fax.example"), "0 * * * *", Duration.FromDays(1), new Dictionary<string, string>());

    [Fact]
    public void A_source_that_was_collected_since_its_last_due_time_is_not_late() =>
        Lag(LagFacts.None with { Cursor = Now - Duration.FromMinutes(60) + Duration.FromSeconds(1) }, Now - Duration.FromSeconds(1)).ShouldBe((0, 0, ""));

    [Fact]
    public void A_due_run_that_nobody_put_in_is_late_and_after_a_quarter_of_an_hour_an_alarm()
    {
        var facts = LagFacts.None with { Cursor = Now - Duration.FromMinutes(90) };

        Lag(facts, Now - Duration.FromMinutes(46)).ShouldBe((14 * 60, 0, ""));
        Lag(facts, Now - Duration.FromMinutes(44)).ShouldBe((16 * 60, 0, "polling"));
    }

    [Fact]
    public void A_source_that_was_never_collected_is_late_since_its_first_due_time()
    {
        var configuredAt = Now - Duration.FromMinutes(90);

        Lag(LagFacts.None, Now - Duration.FromMinutes(61), configuredAt).ShouldBe((0, 0, ""));
        Lag(LagFacts.None, Now - Duration.FromMinutes(44), configuredAt).ShouldBe((16 * 60, 0, "polling"));
        Lag(LagFacts.None with { Cursor = Now }, Now + Duration.FromMinutes(59), configuredAt).ShouldBe((0, 0, ""));
    }

    [Fact]
    public void A_run_that_waits_is_late_from_when_it_was_put_in()
    {
        var facts = LagFacts.None with { RunWaitsSince = Now - Duration.FromMinutes(20) };

        Lag(facts, Now).ShouldBe((20 * 60, 0, "polling"));
        LagRule.Of(Hourly with { Schedule = null }, facts, Now, Now).Alarms.ShouldBeEmpty("nobody promised when it would be collected");
    }

    [Fact]
    public void Webhooks_that_wait_longer_than_five_minutes_are_an_alarm()
    {
        Lag(LagFacts.None with { WebhookWaitsSince = Now - Duration.FromMinutes(5) }, Now).ShouldBe((0, 300, ""));
        Lag(LagFacts.None with { WebhookWaitsSince = Now - Duration.FromSeconds(301) }, Now).ShouldBe((0, 301, "webhooks"));
    }

    [Fact]
    public void A_cost_that_stays_pending_for_days_is_an_alarm()
    {
        Lag(LagFacts.None with { PendingCosts = 1, OldestPendingAt = Now - Duration.FromHours(47) }, Now).Alarms.ShouldBe("");
        Lag(LagFacts.None with { PendingCosts = 1, OldestPendingAt = Now - Duration.FromHours(49) }, Now).Alarms.ShouldBe("pending_costs");
    }

    private static (long Polling, long Webhooks, string Alarms) Lag(LagFacts facts, Instant now, Instant? configuredAt = null)
    {
        var lag = LagRule.Of(Hourly, facts, configuredAt ?? now, now);
        return (lag.PollingLagSeconds, lag.WebhookLagSeconds, string.Join(',', lag.Alarms));
    }
}
