using System.Diagnostics;
using UsageLedger.IntegrationSpecs.Cluster;

namespace UsageLedger.IntegrationSpecs.Running;

/// <summary>What degrades a server that records, each named with its reason; and what does not.</summary>
public sealed class HealthReasonSpecs
{
    private const string Stop = "update ledger.projections set state = 'stopped', failed_position = 41, error = 'spec' where name = 'usage_buckets'";
    private const string Seal = "insert into ledger.sealed_keys (name, master_key_id, sealed_key) values ('spec', 'feedfeedfeedfeed', '')";
    private const string Age = "update ledger.mt_events set timestamp = now() - interval '10 minutes'";

    private const string Dead = """
        insert into ledger.inbox_items (id, tenant, kind, source, key, status, next_attempt_at, received_at, correlation_id)
        values (gen_random_uuid(), 'acme', 'fetch', 'voice', 'spec', 'dead', now(), now(), 'spec')
        """;

    private static readonly TimeSpan ToldWithin = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_part_that_fails_is_named_with_its_reason_and_usage_is_recorded_all_the_same()
    {
        await using var database = await LedgerCluster.CreateDatabaseAsync();
        var program = new LedgerProgram(database.ConnectionString);
        await using var server = await LedgerServer.StartAsync(program);
        var key = (await program.RunAsync("keys", "create", "--tenant", "acme", "--scopes", "ingest")).ShouldExit(0).Out.Trim();
        var caller = new Caller(server.Client, "acme", key);
        (await caller.UsageAsync(Usage.Record("call-1"))).Status.ShouldBe(200);

        await PlantAsync(database, Dead);
        (await ReasonsAsync(caller)).ShouldBeEmpty("dead letters wait for an operator and keep nobody from recording");
        await PlantAsync(database, Stop);
        await PlantAsync(database, Seal);
        await PlantAsync(database, Age);

        var told = await UntilAsync(caller, 3);
        told["usage_buckets"].ShouldContain("position 41");
        told["keys"].ShouldContain("ledger doctor");
        told["checkpoint"].ShouldContain("no signed head");
        (await caller.UsageAsync(Usage.Record("call-2"))).Status.ShouldBe(200);
    }

    private static async Task<Dictionary<string, string>> UntilAsync(Caller caller, int count)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var told = await ReasonsAsync(caller);
            if (told.Count == count)
                return told;
            waited.Elapsed.ShouldBeLessThan(ToldWithin, string.Join('\n', told));
            await Task.Delay(200);
        }
    }

    private static async Task<Dictionary<string, string>> ReasonsAsync(Caller caller)
    {
        var reply = await caller.GetAsync("/health/ready");
        reply.Status.ShouldBe(200);
        return reply.Json["checks"]!.AsArray().Where(check => check!["reason"] is not null).ToDictionary(check => (string)check!["name"]!, check => (string)check!["reason"]!);
    }

    private static async Task PlantAsync(LedgerDatabase database, string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
