using System.Net;
using UsageLedger.IntegrationSpecs.Cycles;
using static UsageLedger.IntegrationSpecs.Cycles.Books;

namespace UsageLedger.IntegrationSpecs.Reporting;

public sealed class UsageHttpSpecs
{
    private const string October = "from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:00%2B01:00";

    [Fact]
    public async Task Usage_reads_as_the_contract_says()
    {
        await using var server = await BooksServer.StartAsync();
        await server.Books.RecordAsync(Usage("1", "2026-10-02T10:00:00Z", 1.50m, 0.5m), Usage("2", "2026-10-02T22:00:00Z", 2m) with { AgentId = "ada" });

        var answer = await server.GetAsync($"/v1/usage?clientId=contoso&{October}&window=day&timeZone=Europe/Berlin&groupBy=metric,agentId&minPosition=2");

        answer.GetRawText().ShouldBe("""
            {"rows":[{"windowStart":"2026-10-01T22:00:00Z","windowEnd":"2026-10-02T22:00:00Z","metric":"call","agentId":null,"unit":"minute","quantity":"1.5","cost":"0.5","currency":"USD","records":1},
            {"windowStart":"2026-10-02T22:00:00Z","windowEnd":"2026-10-03T22:00:00Z","metric":"call","agentId":"ada","unit":"minute","quantity":"2","cost":"0","currency":"USD","records":1}],
            "nextCursor":null,"position":2}
            """.ReplaceLineEndings(""));
        (await server.GetAsync($"/v1/usage?{October}")).GetProperty("rows").GetRawText().ShouldBe("""
            [{"windowStart":"2026-10-01T00:00:00Z","windowEnd":"2026-10-31T23:00:00Z","unit":null,"quantity":null,"cost":"0.5","currency":"USD","records":2}]
            """);
    }

    [Fact]
    public async Task Pages_are_asked_for_by_cursor()
    {
        await using var server = await BooksServer.StartAsync();
        await server.Books.RecordAsync(Usage("1", "2026-10-02T10:00:00Z"), Usage("2", "2026-10-03T10:00:00Z"));

        var first = await server.GetAsync($"/v1/usage?{October}&window=day&limit=1&minPosition=2");
        var second = await server.GetAsync($"/v1/usage?{October}&window=day&limit=1&cursor={first.GetProperty("nextCursor")}");

        first.GetProperty("rows")[0].GetProperty("windowStart").GetString().ShouldBe("2026-10-02T00:00:00Z");
        second.GetProperty("rows")[0].GetProperty("windowStart").GetString().ShouldBe("2026-10-03T00:00:00Z");
        second.GetProperty("nextCursor").GetString().ShouldBeNull();
    }

    [Fact]
    public async Task What_cannot_be_told_is_400_and_names_the_parameter()
    {
        await using var server = await BooksServer.StartAsync();

        (await PointerAsync(server, "from=2026-10-01T00:00:00Z")).ShouldBe("?to");
        (await PointerAsync(server, "from=2001-01-01T00:00:00Z&to=2026-01-01T00:00:00Z&window=hour")).ShouldBe("?window");
    }

    [Fact]
    public async Task A_client_of_another_tenant_is_an_empty_list()
    {
        await using var server = await BooksServer.StartAsync();
        await server.Books.RecordAsync(Usage("1", "2026-10-02T10:00:00Z"));

        (await server.GetAsync($"/v1/usage?clientId=contoso&{October}&minPosition=1", tenant: "other")).GetProperty("rows").GetArrayLength().ShouldBe(0);
        (await server.GetAsync($"/v1/usage?{October}&minPosition=1", tenant: "other")).GetProperty("rows").GetArrayLength().ShouldBe(0);
    }

    private static async Task<string?> PointerAsync(BooksServer server, string query) =>
        (await server.GetAsync($"/v1/usage?{query}", HttpStatusCode.BadRequest)).GetProperty("errors")[0].GetProperty("pointer").GetString();
}
