using System.Globalization;
using UsageLedger.IntegrationSpecs.Auditing;
using UsageLedger.IntegrationSpecs.Demo;
using UsageLedger.IntegrationSpecs.Running;
using Xunit.Abstractions;

namespace UsageLedger.IntegrationSpecs.Plans;

/// <summary>
/// The statements behind the reads that people wait for go to their rows by an index. The indexes that may be used are kept beside this spec, one a
/// line; of two that are equally good the planner may take either, so it names them both. The planner of another major version may choose yet
/// another, but never the whole table. LEDGER_KEEP_PLANS=1 adds those of today.
/// </summary>
public sealed class HotQuerySpecs(ITestOutputHelper output)
{
    private const int Records = 20_000;
    private const int Clients = 40;
    private const int KeptOfMajor = 15;

    // One row, one for each projection or source, for each of a source's days, or for each of a tenant's unattributed keys; keys of the API are asked
    // for once in five seconds.
    private static readonly string[] Small =
        ["projections", "log_head", "api_keys", "captured_sources", "unattributed_usage", "coverage_days"];

    /// <summary>A year of three metrics of one source by the hour, and the runs that brought it.</summary>
    private const string Collected = """
        insert into read.captured_sources (tenant_id, source_id, provider, since_at) values ('acme', 'voice', 'retell', '2024-01-01Z');
        insert into read.captured_hours (tenant_id, source, metric, hour, currency, pushed, polled, cost)
        select 'acme', 'voice', metric, '2024-01-01Z'::timestamptz + hour * interval '1 hour', 'USD', 1, 1, 0.1
        from generate_series(0, 8783) hour cross join unnest(array['call', 'llm', 'voice']) metric;
        insert into read.coverage_hours (tenant_id, source_id, hour, proven_to, listed)
        select 'acme', 'voice', '2024-01-01Z'::timestamptz + hour * interval '1 hour', null, 1 from generate_series(0, 8783) hour;
        insert into read.collections (
            tenant_id, run_id, source_id, from_at, to_at, status, pages, records, accepted, duplicates, revised, rejected, requested_at, started_at, ended_at)
        select 'acme', lpad(run::text, 32, '0')::uuid, 'voice', now(), now(), 'completed', 0, 0, 0, 0, 0, 0, now(), now(), now() from generate_series(0, 8783) run;
        insert into ledger.inbox_items (id, tenant, kind, source, key, status, next_attempt_at, received_at, ended_at, correlation_id)
        select gen_random_uuid(), 'acme', 'collect', 'voice', run::text, 'done', now(), now(), now(), 'spec' from generate_series(0, 8783) run;
        """;

    private static readonly (string Name, string Path)[] Reads =
    [
        ("cycle", "/v1/clients/client-7/cycles/2024-05"),
        ("year", "/v1/usage?clientId=client-7&from=2024-01-01T00:00:00Z&to=2025-01-01T00:00:00Z&window=day"),
        ("year-quarters", "/v1/usage?clientId=client-7&from=2024-01-01T00:00:00Z&to=2025-01-01T00:00:00Z&window=day&timeZone=Asia/Kathmandu"),
        ("events", "/v1/ledger/events?limit=1000&clientId=client-7"),
        ("events-all", "/v1/ledger/events?limit=1000"),
        ("run", "/v1/collections/00000000-0000-0000-0000-000000000007"),
        ("coverage", "/v1/coverage?sourceId=voice&from=2024-05-01T00:00:00Z&to=2024-05-02T00:00:00Z"),
    ];

    [Fact]
    public async Task No_hot_read_goes_through_a_whole_table_and_plans_are_those_that_were_kept()
    {
        await using var server = await InProcessServer.StartAsync();
        var key = await FillAsync(server);
        using var watch = new StatementWatch();
        var major = await MajorAsync(server);

        foreach (var (name, path) in Reads)
        {
            var statements = await watch.OfAsync(() => server.TextAsync(path, key));
            var scans = new List<string>();
            foreach (var sql in statements)
                scans.AddRange(await StatementPlan.ScansAsync(server.Database, sql));

            var found = scans.Distinct().Where(scan => !Small.Contains(scan.Split(' ')[0])).Order(StringComparer.Ordinal).ToList();
            found.ShouldNotBeEmpty(name);
            found.Where(scan => scan.EndsWith(" whole", StringComparison.Ordinal)).ShouldBeEmpty(name);
            output.WriteLine($"{name}: {string.Join("; ", found)}");
            var kept = Page.Read($"tests/UsageLedger.IntegrationSpecs/Plans/{name}.txt").Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (Environment.GetEnvironmentVariable("LEDGER_KEEP_PLANS") is not null)
            {
                var lines = found.Union(kept).Order(StringComparer.Ordinal);
                await File.WriteAllTextAsync(Path.Combine(Page.Root, $"tests/UsageLedger.IntegrationSpecs/Plans/{name}.txt"), string.Join('\n', lines) + '\n');
            }
            else if (major == KeptOfMajor)
            {
                found.Except(kept).ShouldBeEmpty(name);
            }
        }
    }

    private static async Task<int> MajorAsync(InProcessServer server)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return connection.PostgreSqlVersion.Major;
    }

    /// <summary>A year of usage of many clients, projected and analysed.</summary>
    private static async Task<string> FillAsync(InProcessServer server)
    {
        var key = await server.KeyAsync("acme", "admin");
        var position = 0L;
        foreach (var chunk in Enumerable.Range(0, Records).Chunk(5_000))
        {
            var records = chunk.Select(i => Usage.Record(
                $"{i}", ("clientId", $"client-{i % Clients}"), ("agentId", $"agent-{i % 3}"),
                ("occurredAt", new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(i * 26).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture))));
            position = (await server.PostAsync("/v1/usage?items=problems", key, Usage.Array(records))).GetProperty("position").GetInt64();
        }

        await server.TextAsync($"/v1/usage?from=2024-01-01T00:00:00Z&to=2024-01-02T00:00:00Z&minPosition={position}", key);
        await server.TextAsync($"/v1/clients/client-7/cycles/2024-05?minPosition={position}", key);
        await using var collected = server.Database.CreateCommand(Collected);
        await collected.ExecuteNonQueryAsync();
        await using var analyze = server.Database.CreateCommand("vacuum analyze");
        await analyze.ExecuteNonQueryAsync();
        await using var count = server.Database.CreateCommand("select reltuples::bigint from pg_class where oid = 'ledger.mt_events'::regclass");
        ((long)(await count.ExecuteScalarAsync())!).ShouldBeGreaterThanOrEqualTo(Records, "the planner knows how many events there are");
        return key;
    }
}
