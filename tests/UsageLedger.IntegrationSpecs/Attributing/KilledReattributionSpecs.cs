using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using NodaTime;
using UsageLedger.Access;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Attributing;

/// <summary>The real server, killed with -9 while it moves usage to whose it is.</summary>
public sealed class KilledReattributionSpecs
{
    private const int Batches = 6;
    private const int BatchRecords = 5_000;
    private const string CountMoved = "select count(*) from ledger.mt_events where type = 'usage_attributed' and stream_id = 'client-contoso'";

    [Fact]
    public async Task What_was_begun_is_ended_by_the_next_server_and_counts_once()
    {
        await using var database = await LedgerCluster.CreateDatabaseAsync();
        var program = new LedgerProgram(database.ConnectionString);
        await using (var first = await LedgerServer.StartAsync(program))
        {
            var caller = await CallerAsync(database, first);
            for (var batch = 0; batch < Batches; batch++)
                (await caller.UsageAsync(Records(batch))).Status.ShouldBe(200);
            using var mapping = new StringContent("""{"provider":"retell","key":"agent:a1","clientId":"contoso"}""", Encoding.UTF8, "application/json");
            (await caller.SendAsync(HttpMethod.Put, "/v1/mappings/m1", mapping)).Status.ShouldBe(201);
            await SpecLog.UntilAsync(async () => await MovedAsync(database) > 0, "some usage has moved");
            first.Kill();
        }

        var moved = await MovedAsync(database);
        moved.ShouldBeLessThan(Batches * BatchRecords, "the server must be killed before it has ended");
        await using var second = await LedgerServer.StartAsync(program);
        await SpecLog.UntilAsync(async () => await MovedAsync(database) == Batches * BatchRecords, "all usage has moved");

        var rebuilt = (await program.RunAsync("projections", "rebuild", "all", "--verify", "--json")).ShouldExit(0).Json;
        rebuilt["projections"]!.AsArray().Select(one => $"{one!["name"]} {one["differences"]}").ShouldBe(
            Host.LedgerServices.Projections.Select(projection => $"{projection.Name} 0"), ignoreOrder: true);
        (await program.RunAsync("verify", "--json")).ShouldExit(0);
        var cycle = (await program.RunAsync("cycles", "show", "--tenant", "acme", "--client", "contoso", "--cycle", "2024-10", "--json")).ShouldExit(0).Json;
        ((int)cycle["lines"]![0]!["records"]!).ShouldBe(Batches * BatchRecords);
        var unattributed = await (await CallerAsync(database, second)).GetAsync("/v1/unattributed");
        unattributed.Json["items"]!.AsArray().Count.ShouldBe(0);
    }

    private static string Records(int batch) => Usage.Array(Enumerable.Range(0, BatchRecords).Select(i => Usage.Record(
        string.Create(CultureInfo.InvariantCulture, $"{batch}-{i}"),
        ("clientId", null), ("agentId", null), ("attributes", new JsonObject { ["mapping.agent"] = "a1" }))));

    private static async Task<Caller> CallerAsync(LedgerDatabase database, LedgerServer server)
    {
        var made = await CreateKeyHandler.Handle(new CreateKey("acme", ["admin"]), database.DataSource, SystemClock.Instance, CancellationToken.None);
        return new Caller(server.Client, "acme", made.Created!.Secret);
    }

    private static async Task<long> MovedAsync(LedgerDatabase database)
    {
        await using var count = database.DataSource.CreateCommand(CountMoved);
        return (long)(await count.ExecuteScalarAsync())!;
    }
}
