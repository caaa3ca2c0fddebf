using Microsoft.Extensions.Hosting;
using NodaTime;
using UsageLedger.Anomalies;
using UsageLedger.IntegrationSpecs.Collecting;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Anomalies;

/// <summary>Servers judge by themselves: nobody asks them to, and whatever happens to one of them or to their database, each hour is judged once.</summary>
public sealed class AnomalyWatchSpecs
{
    private const string Told = "select type from ledger.mt_events where type in ('anomaly_opened', 'anomaly_resolved') order by seq_id";

    private const string JudgedTo = "select max(data ->> 'to') from ledger.mt_events where type = 'anomalies_evaluated'";

    /// <summary>Whether each turn begins where the one before it ended.</summary>
    private const string InTurn = """
        select bool_and(before = data ->> 'from') from (
            select data, lag(data ->> 'to', 1, data ->> 'from') over (order by version) as before
            from ledger.mt_events where type = 'anomalies_evaluated') as turns
        """;

    private static readonly Instant Noon = Instant.FromUtc(2026, 10, 5, 12, 0);

    [Fact]
    public async Task As_the_log_grows_hosts_open_and_resolve_what_is_unusual_and_of_two_only_one_judges()
    {
        await using var ledger = await CollectingLedger.OpenAsync();
        var caller = await UsualAsync(ledger, watching: 2);
        await Task.WhenAll(ledger.StartAsync(1), ledger.StartAsync(2));
        await ledger.UntilAsync(JudgedTo, "2026-10-05T10:00:00Z", "the hours of four weeks are judged");
        (await ledger.RowsAsync(Told)).ShouldBeEmpty();

        ledger.Clock.Now = Noon + Duration.FromHours(3);
        await ledger.UntilAsync(Told, "anomaly_opened", "the twelfth hour is judged");
        var open = (await caller.GetAsync($"/v1/anomalies?clientId=contoso&status=open&minPosition={await HeadAsync(ledger)}")).Items.ShouldHaveSingleItem();
        ((string)open["kind"]!, (string)open["sentence"]!).ShouldBe(
            ("spike", "contoso, voice call of no agent: from 2026-10-05T12:00:00Z to 2026-10-05T13:00:00Z 2400 second were expected and 12000 came, 9600 more (+400 %)."));

        await ledger.StopAsync(1);
        ledger.Clock.Now = Noon + Duration.FromHours(5);
        await ledger.UntilAsync(Told, "anomaly_opened,anomaly_resolved", "the other host goes on alone");
        (await caller.GetAsync($"/v1/anomalies?status=resolved&minPosition={await HeadAsync(ledger)}")).Items.ShouldHaveSingleItem()["id"]!.ToString().ShouldBe(open["id"]!.ToString());
        (await ledger.RowsAsync(InTurn)).ShouldBe(["True"]);
    }

    [Fact]
    public async Task A_database_that_is_gone_for_a_while_stops_no_watch()
    {
        var heard = new HeardLog();
        await using var ledger = await CollectingLedger.OpenAsync();
        ledger.Log = heard.Open();
        await UsualAsync(ledger, watching: 1);
        await ledger.StartAsync(1);
        await ledger.UntilAsync(JudgedTo, "2026-10-05T10:00:00Z", "the host watches");

        await ledger.ShutAsync();
        await SpecLog.UntilAsync(() => Task.FromResult(heard.Holds("Anomalies could not be looked for now")), "the host sees that the database is gone");
        ledger.Clock.Now = Noon + Duration.FromHours(5);
        await ledger.ReopenAsync();

        await ledger.UntilAsync(Told, "anomaly_opened,anomaly_resolved", "the hours that passed meanwhile are judged");
        ledger.Get<IHostApplicationLifetime>(1).ApplicationStopping.IsCancellationRequested.ShouldBeFalse();
        (await ledger.RowsAsync(InTurn)).ShouldBe(["True"]);
    }

    /// <summary>Hosts that watch, not started, over usage that a first host took, which does not.</summary>
    private static async Task<Caller> UsualAsync(CollectingLedger ledger, int watching)
    {
        ledger.Clock.Now = Noon;
        ledger.Watch = new WatchPace(TimeSpan.FromMilliseconds(20));
        for (var host = 0; host < watching; host++)
        {
            ledger.Build();
        }

        await ledger.StartAsync(0);
        var caller = await ledger.CallerAsync();
        var calm = Enumerable.Range(0, 6).SelectMany(week => Enumerable.Range(1, 2).SelectMany(
            hours => UnusualHour.Lines(Noon - Duration.FromDays(7 * week) + Duration.FromHours(hours), 40, "contoso")));
        (await caller.UsageAsync(string.Join('\n', UnusualHour.Lines(Noon, "contoso").Concat(calm)), Caller.Lines)).Status.ShouldBe(200);
        return caller;
    }

    private static async Task<string> HeadAsync(CollectingLedger ledger) => (await ledger.RowsAsync("select max(position) from ledger.log_head"))[0];
}
