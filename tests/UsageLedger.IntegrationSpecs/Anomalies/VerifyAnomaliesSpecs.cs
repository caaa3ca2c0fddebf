using UsageLedger.Anomalies;

namespace UsageLedger.IntegrationSpecs.Anomalies;

/// <summary>What judging again finds that should not be.</summary>
public sealed class VerifyAnomaliesSpecs(WatchedMondays mondays) : IClassFixture<WatchedMondays>
{
    [Fact]
    public async Task Two_hosts_judge_an_hour_once_and_an_anomaly_that_no_hour_shows_is_named()
    {
        var ledger = mondays.Ledger;
        ledger.Log.Clock.Now += NodaTime.Duration.FromHours(1);
        var both = await Task.WhenAll(ledger.JudgeAsync(), ledger.JudgeAsync());
        both.Count(outcome => outcome.Told is not null).ShouldBe(1);

        var line = new AnomalyLine("contoso", null, "retell", "call", "sales", "second", "USD");
        var forged = AnomalyEvents.Opened(WatchedLedger.Tenant, line, new Finding(AnomalyKinds.Spike, 1, 1, 2), WatchedMondays.Hour(WatchedMondays.Sixth, 23), 1);
        await ledger.TellAsync(forged.Id, forged.Stream, forged.Type, forged.Data);
        ledger.Log.Clock.Now += NodaTime.Duration.FromHours(1);
        await ledger.JudgeAsync();

        var check = await VerifyAnomaliesHandler.Handle(new VerifyAnomalies(WatchedLedger.Tenant), ledger.Log.Reader, ledger.Log.Database, null, default);

        check.Differences.ShouldBeGreaterThan(0);
        check.Examples[0].ShouldContain(forged.Id.ToString());
    }
}
