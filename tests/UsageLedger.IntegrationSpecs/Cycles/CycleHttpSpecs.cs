using System.Net;
using System.Text.Json;
using static UsageLedger.IntegrationSpecs.Cycles.Books;

namespace UsageLedger.IntegrationSpecs.Cycles;

public sealed class CycleHttpSpecs
{
    [Fact]
    public async Task A_cycle_reads_as_the_contract_says()
    {
        await using var server = await BooksServer.StartAsync();
        await server.Books.RecordAsync(Usage("1", "2026-08-02T10:00:00Z", 1.50m, 0.5m), Usage("2", "2026-10-02T10:00:00Z", 2m) with { AgentId = "ada" });
        await server.Books.CloseAsync("2026-08");
        var late = await server.Books.RecordAsync(Usage("3", "2026-08-02T10:00:00Z", 4m, 0.25m));

        (await server.GetAsync($"/v1/clients/contoso/cycles/current?minPosition={late.Position}")).GetRawText().ShouldBe("""
            {"clientId":"contoso","cycle":{"id":"2026-10-01","start":"2026-10-01T00:00:00Z","end":"2026-11-01T00:00:00Z","timeZone":"UTC","status":"open"},
            "lines":[{"provider":"retell","metric":"call","agentId":"ada","unit":"minute","quantity":"2","cost":"0","currency":"USD","records":1,
            "quality":{"records":1,"revised":0,"voided":0,"pendingCost":1,"firstEventAt":"2026-10-02T10:00:00Z","lastEventAt":"2026-10-02T10:00:00Z","priceChanges":0}}],
            "adjustments":[{"originCycle":"2026-08-01","provider":"retell","metric":"call","agentId":null,"unit":"minute","quantity":"4","cost":"0.25","currency":"USD","records":1,
            "quality":{"records":1,"revised":0,"voided":0,"pendingCost":0,"firstEventAt":"2026-08-02T10:00:00Z","lastEventAt":"2026-08-02T10:00:00Z","priceChanges":0}}],
            "totals":[{"currency":"USD","cost":"0.25"}],
            "quality":{"records":1,"duplicates":0,"revised":0,"voided":0,"late":1,"pendingCost":1,"unattributed":0,"coverage":null,
            "firstEventAt":"2026-10-02T10:00:00Z","lastEventAt":"2026-10-02T10:00:00Z","priceChanges":0},"position":4}
            """.ReplaceLineEndings(""));
    }

    [Fact]
    public async Task Cycles_are_listed_under_their_own_name()
    {
        await using var server = await BooksServer.StartAsync();
        await server.Books.RecordAsync(Usage("1", "2026-08-02T10:00:00Z"));

        var first = await server.GetAsync("/v1/clients/contoso/cycles?limit=2&minPosition=1");

        first.GetProperty("cycles").GetRawText().ShouldBe("""
            [{"id":"2026-10-01","start":"2026-10-01T00:00:00Z","end":"2026-11-01T00:00:00Z","timeZone":"UTC","status":"open"},
            {"id":"2026-09-01","start":"2026-09-01T00:00:00Z","end":"2026-10-01T00:00:00Z","timeZone":"UTC","status":"closing"}]
            """.ReplaceLineEndings(""));
        var second = await server.GetAsync($"/v1/clients/contoso/cycles?limit=2&cursor={first.GetProperty("nextCursor")}");
        second.GetProperty("cycles").EnumerateArray().Select(Id).ShouldBe(["2026-08-01"]);
        second.GetProperty("nextCursor").ValueKind.ShouldBe(JsonValueKind.Null);
        await server.GetAsync("/v1/clients/contoso/cycles?limit=0", HttpStatusCode.BadRequest);
        await server.GetAsync("/v1/clients/nobody/cycles?limit=0", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Lines_beyond_the_limit_follow_on_the_next_page_and_totals_are_of_all()
    {
        await using var server = await BooksServer.StartAsync();
        await server.Books.RecordAsync([.. Enumerable.Range(0, 5).Select(number => Usage($"{number}", "2026-08-02T10:00:00Z", 1m, 1m) with { AgentId = number == 0 ? null : $"agent {number}" })]);
        await server.Books.CloseAsync("2026-08");
        var late = await server.Books.RecordAsync(
            [.. Enumerable.Range(5, 5).Select(number => Usage($"{number}", number == 9 ? "2026-08-02T10:00:00Z" : "2026-10-02T10:00:00Z", 1m, 1m) with { Metric = $"m{number}" })]);

        var (told, cursor) = (new List<string?>(), "");
        do
        {
            var page = await server.GetAsync($"/v1/clients/contoso/cycles/2026-10?limit=2&minPosition={late.Position}{cursor}");
            told.Add(string.Join(' ', page.GetProperty("lines").EnumerateArray().Concat(page.GetProperty("adjustments").EnumerateArray()).Select(line => line.GetProperty("metric"))));
            page.GetProperty("totals")[0].GetProperty("cost").GetString().ShouldBe("5");
            page.GetProperty("quality").GetProperty("late").GetInt64().ShouldBe(1);
            cursor = page.TryGetProperty("nextCursor", out var next) ? $"&cursor={next}" : "";
        }
        while (cursor.Length > 0 && told.Count < 10);
        told.ShouldBe(["m5 m6", "m7 m8", "m9"]);

        (await server.GetAsync("/v1/clients/contoso/cycles/2026-08?limit=1")).GetProperty("lines")[0].GetProperty("agentId").ValueKind.ShouldBe(JsonValueKind.Null);
        await server.GetAsync("/v1/clients/contoso/cycles/2026-10?limit=10001", HttpStatusCode.BadRequest);
        await server.GetAsync("/v1/clients/contoso/cycles/2026-10-02?limit=0", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_cycle_that_is_none_is_404()
    {
        await using var server = await BooksServer.StartAsync();
        await server.Books.RegisterAsync();

        foreach (var cycle in new[] { "2026-10-02", "2026-13", "2027-01", "%F0%9F%92%B0" })
            (await server.GetAsync($"/v1/clients/contoso/cycles/{cycle}", HttpStatusCode.NotFound)).GetProperty("code").GetString().ShouldBe("not_found");
    }

    [Fact]
    public async Task A_close_answers_with_the_closed_cycle_as_the_read_does_and_again_the_same()
    {
        await using var server = await BooksServer.StartAsync();
        await server.Books.RecordAsync(Usage("1", "2026-09-02T10:00:00Z", 1m, 1m));

        var closed = await CloseAsync(server, "2026-09", null, HttpStatusCode.OK);
        var again = await CloseAsync(server, "2026-09-01", "{}", HttpStatusCode.OK);

        closed.GetProperty("cycle").GetProperty("status").GetString().ShouldBe("closed");
        again.GetRawText().ShouldBe(closed.GetRawText());
        (await server.GetAsync("/v1/clients/contoso/cycles/2026-09")).GetRawText().ShouldBe(closed.GetRawText());
        (await server.Books.Log.Reader.AtAsync(Tenant, 2, default))!.Type.ShouldBe(EventTypes.CycleClosed);
    }

    [Fact]
    public async Task Before_its_end_and_grace_a_close_is_a_conflict_that_says_when()
    {
        await using var server = await BooksServer.StartAsync();
        await server.Books.RegisterAsync(grace: 10);

        var problem = await CloseAsync(server, "2026-09", null, HttpStatusCode.Conflict);
        problem.GetProperty("code").GetString().ShouldBe("cycle_not_ended");
        problem.GetProperty("closableFrom").GetString().ShouldBe("2026-10-11T00:00:00Z");

        await CloseAsync(server, "current", """{"force":true,"reason":"now"}""", HttpStatusCode.Conflict);
        await CloseAsync(server, "2026-09", """{"force":true}""", HttpStatusCode.OK);
        await CloseAsync(server, "2026-08", """{"force":true,"reason":"now"}""", HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_close_is_answered_when_a_signed_head_covers_it()
    {
        await using var server = await BooksServer.StartAsync();
        await server.Books.RecordAsync(Usage("1", "2026-09-02T10:00:00Z"));

        await CloseAsync(server, "2026-09", null, HttpStatusCode.OK);

        (await server.Books.Log.AskAsync<long>("select max(size) from ledger.log_checkpoints")).ShouldBe(2);
    }

    [Fact]
    public async Task A_body_that_breaks_a_rule_is_refused_once_the_cycle_is_found()
    {
        await using var server = await BooksServer.StartAsync();
        await server.Books.RegisterAsync();

        foreach (var (body, told) in new[]
        {
            ("""{"force":"yes","reason":"r"}""", "/force wrong_type"),
            ("""{"reason":""}""", "/reason empty"),
            ("""{"because":"r"}""", "/because unknown_member"),
        })
        {
            var error = (await CloseAsync(server, "2026-09", body, HttpStatusCode.UnprocessableEntity)).GetProperty("errors")[0];
            $"{error.GetProperty("pointer")} {error.GetProperty("code")}".ShouldBe(told);
            await CloseAsync(server, "2026-09-09", body, HttpStatusCode.NotFound);
        }

        await CloseAsync(server, "2026-09", "[", HttpStatusCode.BadRequest);
    }

    private static async Task<JsonElement> CloseAsync(BooksServer server, string cycle, string? body, HttpStatusCode status) =>
        await BooksCaller.ReadAsync(await server.SendAsync(HttpMethod.Post, $"/v1/clients/contoso/cycles/{cycle}/close", body), status);

    private static string? Id(JsonElement cycle) => cycle.GetProperty("id").GetString();
}
