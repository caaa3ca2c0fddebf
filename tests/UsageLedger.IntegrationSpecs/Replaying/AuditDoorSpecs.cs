using System.Net;
using System.Security.Cryptography;
using System.Text;
using UsageLedger.EventLog;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.Cycles;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.IntegrationSpecs.Running;
using static UsageLedger.IntegrationSpecs.Cycles.Books;

namespace UsageLedger.IntegrationSpecs.Replaying;

public sealed class AuditDoorSpecs
{
    private const string September = """
        {"idempotencyKey":"1","provider":"retell","metric":"call","quantity":"1.50","unit":"minute","cost":"0.25","occurredAt":"2025-09-02T10:00:00Z"}
        """;

    [Fact]
    public async Task Auditors_ask_for_an_audit_and_are_answered_what_it_came_to()
    {
        await using var server = await BooksServer.StartAsync();
        await server.Books.RecordAsync(Usage("1", "2026-09-02T10:00:00Z", 2m, 0.5m));
        await server.Books.CloseAsync("2026-09");
        await server.Books.ArriveAsync();

        var audit = await AskAsync("?lines=true&minPosition=2", HttpStatusCode.OK);
        audit.GetProperty("holds").GetBoolean().ShouldBeTrue();
        audit.GetProperty("closed").GetProperty("position").GetInt64().ShouldBe(2);
        audit.GetProperty("lines").GetRawText().ShouldBe("""
            [{"number":1,"originCycle":null,"provider":"retell","metric":"call","agentId":null,"unit":"minute","quantity":"2","cost":"0.5","currency":"USD","records":1}]
            """);
        (await AskAsync("?asOf=1", HttpStatusCode.OK)).GetProperty("closed").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        (await AskAsync("?asOf=2026-10-05T12:00:00Z", HttpStatusCode.OK)).GetProperty("asOf").GetInt64().ShouldBe(2);
        (await AskAsync("?asOf=9999-12-31T23:59:59.9999999Z", HttpStatusCode.OK)).GetProperty("asOf").GetInt64().ShouldBe(2);
        (await AskAsync("?asOf=0001-01-01T00:00:00Z", HttpStatusCode.OK)).GetProperty("asOf").GetInt64().ShouldBe(0);
        (await AskAsync("?asOf=soon", HttpStatusCode.BadRequest)).GetProperty("code").GetString().ShouldBe("invalid_moment");
        (await AskAsync("?asOf=3", HttpStatusCode.BadRequest)).GetProperty("code").GetString().ShouldBe("out_of_range");
        await AskAsync("", HttpStatusCode.Forbidden, "query");
        await AskAsync("?asOf=soon", HttpStatusCode.NotFound, client: "nobody");

        async Task<System.Text.Json.JsonElement> AskAsync(string query, HttpStatusCode status, string scope = "audit", string client = "contoso") =>
            await BooksCaller.ReadAsync(await server.SendAsync(HttpMethod.Get, $"/v1/clients/{client}/cycles/2026-09/audit{query}", scope: scope), status);
    }

    [Fact]
    public async Task A_tenant_has_one_of_two_audits_at_once_and_it_may_take_ten_minutes()
    {
        await using var server = await BooksServer.StartAsync();
        await server.Books.RecordAsync(Usage("1", "2026-09-02T10:00:00Z", 2m, 0.5m));
        await server.Books.ArriveAsync();
        (await AskAsync()).StatusCode.ShouldBe(HttpStatusCode.OK);
        await using var holder = await server.Books.Log.Database.OpenConnectionAsync();
        await using var held = await holder.BeginTransactionAsync();
        await using (var hold = new Npgsql.NpgsqlCommand("lock table read.cycle_aggregates in access exclusive mode", holder, held))
        {
            await hold.ExecuteNonQueryAsync();
        }

        var first = AskAsync();
        await SpecLog.UntilAsync(async () => await server.Books.Log.AskAsync<long>("select count(*) from pg_locks where not granted") == 1, "an audit is being made");
        using var second = await AskAsync();
        await held.RollbackAsync();

        (await BooksCaller.ReadAsync(second, HttpStatusCode.ServiceUnavailable)).GetProperty("code").GetString().ShouldBe("route_busy");
        second.Headers.RetryAfter.ShouldNotBeNull();
        ((await first).StatusCode, (await AskAsync()).StatusCode).ShouldBe((HttpStatusCode.OK, HttpStatusCode.OK));
        server.MetadataOf<UsageLedger.Answering.TimeLimit>("/audit").Max.ShouldBe(TimeSpan.FromMinutes(10));

        Task<HttpResponseMessage> AskAsync() => server.SendAsync(HttpMethod.Get, "/v1/clients/contoso/cycles/2026-09/audit", scope: "audit");
    }

    [Fact]
    public async Task The_verbs_print_the_same_twice_and_exit_with_1_when_something_differs()
    {
        await using var database = await LedgerCluster.CreateDatabaseAsync();
        var ledger = new LedgerProgram(database.ConnectionString);
        await File.WriteAllTextAsync(ledger.In("usage.ndjson"), September);
        (await ledger.RunAsync("import", ledger.In("usage.ndjson"), "--tenant", "acme", "--source", "spec", "--client", "contoso")).ShouldExit(0);

        var told = (await AuditAsync("--lines", "--events", "1", "--proofs")).ShouldExit(0);
        told.Out.ShouldContain("    1 retell call, of no agent: 1.5 minute, 0.25 USD, records 1\n");
        told.Out.ShouldContain(", proven by ");
        told.Out.ShouldEndWith("holds\n");
        (await AuditAsync("--lines", "--events", "1", "--proofs")).Out.ShouldBe(told.Out);
        (await AuditAsync("--json", "--events", "1")).ShouldExit(0).Json["events"]![0]!["quantity"]!.ToString().ShouldBe("1.5");

        var csv = (await ledger.RunAsync(Named("export", "--format", "csv"))).ShouldExit(0);
        csv.Out.ShouldStartWith("eventId,position,originCycle,source,");
        csv.Out.ShouldEndWith("\r\n");
        csv.Errors.ShouldContain("rows 1, total 0.25 USD, sha256 " + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(csv.Out))));
        (await ledger.RunAsync(Named("export", "--format", "csv", "--json"))).ShouldExit(2);
        (await ledger.RunAsync(Named("export", "--format", "pdf"))).ShouldExit(2);
        var explained = (await ledger.RunAsync(["cycles", .. Named("explain", "--metric", "call")])).ShouldExit(0);
        explained.Out.ShouldContain("usage_recorded 1.5, 0.25");
        (await ledger.RunAsync(["cycles", .. Named("explain", "--metric", "call", "--json")])).ShouldExit(0).Json["rows"]![0]!["cost"]!.ToString().ShouldBe("0.25");

        await using (var source = LogDatabase.Open(database.ConnectionString, "spec"))
        await using (var change = source.CreateCommand("update read.cycle_aggregates set cost = 1"))
            await change.ExecuteNonQueryAsync();
        (await AuditAsync()).ShouldExit(1).Out.ShouldContain("line_differs: cost of retell call of no agent minute USD: the log has 0.25, found is 1\n");

        await using (var source = LogDatabase.Open(database.ConnectionString, "spec"))
        await using (var change = source.CreateCommand("update ledger.mt_events set data = data - 'quantity' where seq_id = 1"))
            await change.ExecuteNonQueryAsync();
        (await AuditAsync("--events", "1")).ShouldExit(1).Out.ShouldContain("event_unreadable: position 1: ");
        foreach (var verb in new[] { (string[])["cycles", .. Named("explain")], Named("export", "--format", "csv") })
            (await ledger.RunAsync(verb)).ShouldExit(1).Errors.ShouldBe("The event at position 1 cannot be read as a usage_recorded; 'ledger verify' tells whether it is the one that was appended.\n");

        (await AuditAsync("--as-of", "soon")).ShouldExit(2);
        (await AuditAsync("--as-of", "9")).ShouldExit(1);
        (await AuditAsync("--events", "9")).ShouldExit(1);
        (await AuditAsync("--events", "0")).ShouldExit(2);

        Task<LedgerRun> AuditAsync(params string[] more) => ledger.RunAsync(["cycles", .. Named("audit", more)]);

        static string[] Named(string verb, params string[] more) => [verb, "--tenant", "acme", "--client", "contoso", "--cycle", "2025-09", .. more];
    }
}
