using System.Net;
using System.Text.Json;
using NodaTime;
using UsageLedger.Anomalies;
using UsageLedger.EventLog.Projecting;

namespace UsageLedger.IntegrationSpecs.Anomalies;

/// <summary>Anomalies from the usage that is recorded to what is answered; rules that change what is there have a ledger of their own.</summary>
public sealed class AnomalySpecs(WatchedMondays mondays) : IClassFixture<WatchedMondays>
{
    private WatchedLedger Ledger => mondays.Ledger;

    [Fact]
    public async Task Each_anomaly_opens_in_its_hour_by_the_clients_clock_and_resolves_when_it_is_over()
    {
        await Ledger.ArriveAsync();

        (await Ledger.Log.RowsAsync("""
            select kind, to_char(hour at time zone 'Europe/Berlin', 'HH24'), coalesce(to_char(resolved_hour at time zone 'Europe/Berlin', 'HH24'), 'open')
            from read.anomalies order by hour, kind
            """)).ShouldBe(
        [
            "spike 11 13", "duplicate_storm 12 14", "missing_data 13 16", "price_drift 17 open", "late_burst 20 22",
        ]);
    }

    [Fact]
    public async Task It_says_in_one_sentence_what_was_expected_what_came_and_by_how_much()
    {
        var all = (await AllAsync("clientId=contoso")).ToDictionary(one => one.GetProperty("kind").GetString()!);

        all["spike"].GetProperty("sentence").GetString().ShouldBe(
            "contoso, retell call of agent sales: from 2026-10-26T10:00:00Z to 2026-10-26T11:00:00Z 1860 second were expected and 9000 came, 7140 more (+384 %).");
        all["missing_data"].GetProperty("sentence").GetString()!.ShouldEndWith("second were expected and 0 came, 1920 less (-100 %).");
        all["price_drift"].GetProperty("sentence").GetString()!.ShouldEndWith("1 second was expected to cost 0.00125 USD and cost 0.0015, 0.00025 more (+20 %).");
        all["late_burst"].GetProperty("sentence").GetString()!.ShouldEndWith("0 late records were expected and 100 came, 100 more.");
        (await AllAsync("status=resolved")).Single(one => one.GetProperty("kind").GetString() == "duplicate_storm").GetProperty("sentence").GetString()
            .ShouldBe("Source retell-main: from 2026-10-26T11:00:00Z to 2026-10-26T12:00:00Z 40 duplicates were expected and 2000 came, 1960 more (+4900 %).");
    }

    [Fact]
    public async Task It_links_to_its_events_and_to_its_usage()
    {
        var all = (await AllAsync("")).ToDictionary(one => one.GetProperty("kind").GetString()!);

        (await EventsAsync(all["spike"])).ShouldBeGreaterThanOrEqualTo(150);
        (await EventsAsync(all["late_burst"])).ShouldBe(100);
        (await EventsAsync(all["duplicate_storm"])).ShouldBe(1);
        var usage = await Ledger.AskAsync(all["spike"].GetProperty("usageUrl").GetString()!);
        usage.GetProperty("rows").EnumerateArray().Single().GetProperty("quantity").GetString().ShouldBe("9000");
    }

    [Fact]
    public async Task The_list_is_filtered_and_comes_in_pages()
    {
        (await AllAsync("clientId=contoso")).Count.ShouldBe(4, "the storm is of a source");
        (await AllAsync("clientId=fabrikam")).ShouldBeEmpty();
        (await Ledger.AskAsync("/v1/anomalies", tenant: "other")).GetProperty("items").GetArrayLength().ShouldBe(0);
        await Ledger.AskAsync("/v1/anomalies?status=closed", HttpStatusCode.BadRequest);

        var (kinds, cursor) = (new List<string>(), "");
        do
        {
            var page = await Ledger.AskAsync($"/v1/anomalies?limit=2{cursor}");
            kinds.AddRange(page.GetProperty("items").EnumerateArray().Select(one => one.GetProperty("kind").GetString()!));
            cursor = page.GetProperty("nextCursor").GetString() is { } next ? $"&cursor={next}" : "";
        }
        while (cursor.Length > 0 && kinds.Count < 10);
        kinds.ShouldBe(["late_burst", "price_drift", "missing_data", "duplicate_storm", "spike"]);
    }

    [Fact]
    public async Task Somebody_acknowledges_it_once_and_it_no_longer_stands_in_the_way()
    {
        var drift = (await AllAsync("clientId=contoso")).Single(one => one.GetProperty("kind").GetString() == "price_drift").GetProperty("id").GetString();
        var path = $"/v1/anomalies/{drift}/acknowledge";
        await Ledger.AskAsync(path, HttpStatusCode.Forbidden, "query", """{"note":"seen"}""");
        await Ledger.AskAsync(path, HttpStatusCode.NotFound, "admin", """{"note":"seen"}""", "other");
        await Ledger.AskAsync(path, HttpStatusCode.UnprocessableEntity, "admin", "{}");
        (await OpenAsync()).ShouldBe(1);

        var acknowledged = await Ledger.AskAsync(path, HttpStatusCode.OK, "admin", """{"note":"a new price list"}""");

        acknowledged.GetProperty("status").GetString().ShouldBe("acknowledged");
        acknowledged.GetProperty("note").GetString().ShouldBe("a new price list");
        Guid.TryParse(acknowledged.GetProperty("acknowledgedBy").GetString(), out _).ShouldBeTrue("it says whose key it was");
        (await OpenAsync()).ShouldBe(0);
        (await Ledger.AskAsync(path, HttpStatusCode.OK, "admin", """{"note":"again"}""")).GetProperty("note").GetString().ShouldBe("a new price list");
    }

    [Fact]
    public async Task From_the_log_alone_the_same_is_found_again_whatever_came_since()
    {
        await Ledger.ArriveAsync();

        var check = await VerifyAnomaliesHandler.Handle(new VerifyAnomalies(WatchedLedger.Tenant), Ledger.Log.Reader, Ledger.Log.Database, null, default);
        var rebuilt = await new ProjectionRebuild(Ledger.Log.Database, new ProjectionOptions()).RunAsync(new AnomalyRows(), true, null, default);

        (check.Differences, check.Passed, check.Events).ShouldBe((0, 0, 9), string.Join('\n', check.Examples));
        check.Turns.ShouldBeGreaterThan(20);
        rebuilt.Differences.ShouldBe(0);
        (await Ledger.Log.AskAsync<decimal>("select sum(records) from read.late_usage")).ShouldBe(100, "the hour that was judged at nine holds more now");
    }

    [Fact]
    public async Task Hours_are_judged_once_whoever_judges()
    {
        (await Ledger.JudgeAsync()).ShouldBe(new EvaluationOutcome(null, true));
        (await Ledger.Log.AskAsync<bool>("""
            select bool_and(before = (data ->> 'from')::timestamptz) from (
                select data, lag((data ->> 'to')::timestamptz, 1, (data ->> 'from')::timestamptz) over (order by version) as before
                from ledger.mt_events where type = 'anomalies_evaluated') as turns
            """)).ShouldBeTrue();
    }

    private async Task<List<JsonElement>> AllAsync(string query)
    {
        await Ledger.ArriveAsync();
        return [.. (await Ledger.AskAsync($"/v1/anomalies?{query}")).GetProperty("items").EnumerateArray()];
    }

    private async Task<int> EventsAsync(JsonElement anomaly) =>
        (await Ledger.AskAsync(anomaly.GetProperty("eventsUrl").GetString()! + "&limit=1000", scope: "audit")).GetProperty("events").GetArrayLength();

    private async Task<int> OpenAsync()
    {
        await Ledger.ArriveAsync();
        await using var connection = await Ledger.Log.Database.OpenConnectionAsync();
        return await AnomalyReads.OpenAsync(
            connection, WatchedLedger.Tenant, "contoso", Instant.FromUtc(2026, 9, 30, 22, 0), Instant.FromUtc(2026, 10, 31, 23, 0), default);
    }
}
