using System.Text.Json.Nodes;
using Npgsql;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.IntegrationSpecs.Running;
using UsageLedger.IntegrationSpecs.Simulators;

namespace UsageLedger.IntegrationSpecs.Telemetry;

/// <summary>A real server that exports to a collector, after it has done each kind of work once: recorded, refused, collected, received, failed.</summary>
public sealed class ExportingLedger : IAsyncLifetime
{
    public const string Correlation = "watched-7";
    public const string Tenant = "secretive-tenant";
    public const string Client = "contoso-secret-client";
    private const string Foreign = """
        insert into ledger.mt_events (seq_id, id, stream_id, version, data, type, tenant_id)
        select position + 1, gen_random_uuid(), 'theirs', 1, '{}', 'foreign', 'acme' from ledger.log_head for update
        """;

    private const string Settings = """{"Ledger": {"AllowLoopbackSources": "true", "RateLimit": {"RequestsPerSecond": "50", "Burst": "60"}}}""";

    private readonly List<string> secrets = [];
    private LedgerDatabase? database;
    private SimServer? vendors;

    internal OtlpReceiver Receiver { get; private set; } = null!;

    /// <summary>What must never be told.</summary>
    internal IReadOnlyList<string> Secrets => secrets;

    public async Task InitializeAsync()
    {
        Receiver = await OtlpReceiver.StartAsync();
        database = await LedgerCluster.CreateDatabaseAsync();
        vendors = await SimServer.StartAsync();
        var program = new LedgerProgram(database.ConnectionString) { Environment = Receiver.Environment };
        await File.WriteAllTextAsync(program.In("appsettings.json"), Settings);
        await using (var server = await LedgerServer.StartAsync(program))
        {
            var made = (await program.RunAsync("keys", "create", "--tenant", Tenant, "--scopes", "admin", "--json")).ShouldExit(0);
            var caller = new Caller(server.Client, Tenant, (string)made.Json["key"]!);
            secrets.AddRange([caller.Key!, Tenant, Client, vendors.Directory.RetellApiKey, "+4915112345678", new NpgsqlConnectionStringBuilder(database.ConnectionString).Password!]);
            await WorkAsync(caller);
            await SpecLog.UntilAsync(() => Task.FromResult(IsStateTold()), "the state is exported");
            await RefuseAsync(caller);
            server.Terminate();
            (await server.EndAsync()).ShouldExit(0);
        }

        (await program.RunAsync("verify")).ExitCode.ShouldBe(1, "the foreign row is seen");
    }

    public async Task DisposeAsync()
    {
        await Receiver.DisposeAsync();
        await vendors!.DisposeAsync();
        await database!.DisposeAsync();
    }

    private bool IsStateTold() => Receiver.Metrics.Any(metric => metric.Name == "ledger.coverage.lowest");

    private async Task WorkAsync(Caller caller)
    {
        var usage = Usage.Record("call-1", ("clientId", Client), ("attributes", new JsonObject { ["to"] = "+4915112345678" }));
        (await caller.UsageAsync(usage, headers: ("X-Correlation-Id", Correlation))).Status.ShouldBe(200);
        (await caller.GetAsync($"/v1/clients/{Client}/cycles/current?minPosition=1")).Status.ShouldBe(200);
        var vendor = vendors!.Http.BaseAddress!.GetLeftPart(UriPartial.Authority);
        await caller.PutAsync("/v1/sources/voice", $$$"""{"provider": "retell", "baseUrl": "{{{vendor}}}/retell", "lookBack": "P1D", "settings": {} }""");
        await caller.PutAsync("/v1/sources/voice/credentials", $$$"""{"values": {"apiKey": "{{{vendors.Directory.RetellApiKey}}}"}}""");
        (await caller.PostAsync("/v1/collections", """{"sourceId": "voice", "from": "2026-10-01T00:00:00Z", "to": "2027-10-01T00:00:00Z"}""")).Status.ShouldBe(202);
        await SpecLog.UntilAsync(
            async () => (await caller.GetAsync("/v1/collections?sourceId=voice")).Text.Contains("\"completed\"", StringComparison.Ordinal), "the run is over");
        (await caller.PostAsync($"/v1/webhooks/{Tenant}/voice", "{}", headers: ("x-retell-signature", "v=1,d=00"))).Status.ShouldBe(401);
    }

    private async Task RefuseAsync(Caller caller)
    {
        await using var plant = database!.DataSource.CreateCommand(Foreign);
        await plant.ExecuteNonQueryAsync();
        (await caller.UsageAsync(Usage.Record("call-2"))).Status.ShouldBe(503);
    }
}
