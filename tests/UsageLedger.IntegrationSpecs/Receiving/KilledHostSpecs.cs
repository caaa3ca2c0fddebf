using System.Security.Cryptography;
using System.Text;
using NodaTime;
using UsageLedger.Access;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Receiving;

public sealed class KilledHostSpecs
{
    private const string ApiKey = "key_0123456789abcdef";
    private const int Calls = 20;

    /// <summary>The call itself, and the one product that has a cost.</summary>
    private const int RecordsOfACall = 2;

    [Fact]
    public async Task What_was_answered_with_200_is_recorded_although_the_host_is_killed_at_once()
    {
        await using var database = await LedgerCluster.CreateDatabaseAsync();
        var program = new LedgerProgram(database.ConnectionString);
        await using (var killed = await LedgerServer.StartAsync(program))
        {
            var caller = await ConfiguredAsync(database, killed);
            var replies = await Task.WhenAll(Enumerable.Range(0, Calls).SelectMany(call => new[] { DeliverAsync(caller, call), DeliverAsync(caller, call) }));
            killed.Kill();
            replies.Select(reply => reply.Status).Distinct().ShouldBe([200]);
        }

        await using var next = await LedgerServer.StartAsync(program);

        await SpecLog.UntilAsync(async () => await CountAsync(database, "select count(*) from ledger.inbox_items where status = 'done'") == Calls, "all are read");
        (await CountAsync(database, "select count(distinct data ->> 'idempotencyKey') from ledger.mt_events where type = 'usage_recorded'")).ShouldBe(Calls * RecordsOfACall);
        (await CountAsync(database, "select count(*) from ledger.mt_events where type = 'usage_recorded'")).ShouldBe(Calls * RecordsOfACall);
        (await CountAsync(database, "select count(*) from ledger.inbox_items where body is not null")).ShouldBe(0);
    }

    private static async Task<Caller> ConfiguredAsync(LedgerDatabase database, LedgerServer server)
    {
        var made = await CreateKeyHandler.Handle(new CreateKey("acme", ["admin"]), database.DataSource, SystemClock.Instance, default);
        var caller = new Caller(server.Client, "acme", made.Created!.Secret);
        await caller.PutAsync("/v1/sources/retell-main", """{"provider":"retell","baseUrl":"https://api.retellai.com"}""");
        await caller.PutAsync("/v1/sources/retell-main/credentials", $$$"""{"values":{"apiKey":"{{{ApiKey}}}"}}""");
        return caller;
    }

    private static Task<Reply> DeliverAsync(Caller caller, int call)
    {
        var now = SystemClock.Instance.GetCurrentInstant().ToUnixTimeMilliseconds();
        var body = $$$$"""
            {"event":"call_ended","call":{"call_id":"call-{{{{call}}}}","call_type":"web_call","agent_id":"agent-1","call_status":"ended",
             "start_timestamp":1760000000000,"end_timestamp":1760000060000,"duration_ms":60000,
             "call_cost":{"product_costs":[{"product":"elevenlabs_tts","cost":7,"unit_price":0.116}],"total_duration_seconds":60,
             "total_duration_unit_price":0.116,"combined_cost":7}}}
            """;
        var digest = HMACSHA256.HashData(Encoding.UTF8.GetBytes(ApiKey), Encoding.UTF8.GetBytes($"{body}{now}"));
        return (caller with { Key = null }).PostAsync(
            "/v1/webhooks/acme/retell-main", body, Caller.Json, ("x-retell-signature", $"v={now},d={Convert.ToHexStringLower(digest)}"));
    }

    private static async Task<long> CountAsync(LedgerDatabase database, string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
