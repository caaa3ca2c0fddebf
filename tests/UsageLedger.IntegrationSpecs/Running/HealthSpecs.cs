using System.Diagnostics;
using Npgsql;
using UsageLedger.IntegrationSpecs.Cluster;

namespace UsageLedger.IntegrationSpecs.Running;

public sealed class HealthSpecs
{
    private const string Close = "alter database {0} with allow_connections false";
    private const string Reopen = "alter database {0} with allow_connections true";
    private const string EndSessions = "select pg_terminate_backend(pid) from pg_stat_activity where datname = '{0}'";

    private static readonly TimeSpan RecoversWithin = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task While_the_database_is_away_the_server_is_unready_and_when_it_is_back_ready_by_itself()
    {
        await using var database = await LedgerCluster.CreateDatabaseAsync();
        await using var server = await LedgerServer.StartAsync(new LedgerProgram(database.ConnectionString));
        var anybody = new Caller(server.Client, "", null);
        var ready = await anybody.GetAsync("/health/ready");
        ready.Status.ShouldBe(200);
        ((string)ready.Json["status"]!).ShouldBe("ready");
        ready.Json["checks"]!.AsArray().Select(check => $"{check!["name"]} {check["status"]}").ShouldContain("log ready");

        await FromOutsideAsync(database, Close, EndSessions);

        var unready = await anybody.GetAsync("/health/ready");
        unready.Status.ShouldBe(503);
        ((string)unready.Json["status"]!).ShouldBe("unready");
        ((string)unready.Json["checks"]![0]!["reason"]!).ShouldNotBeEmpty();
        (await anybody.GetAsync("/health/live")).Status.ShouldBe(200);

        await FromOutsideAsync(database, Reopen);

        var waited = Stopwatch.StartNew();
        while ((string)(await anybody.GetAsync("/health/ready")).Json["status"]! != "ready")
        {
            waited.Elapsed.ShouldBeLessThan(RecoversWithin);
            await Task.Delay(100);
        }

        server.Terminate();
        (await server.EndAsync()).ShouldExit(0);
    }

    /// <summary>Runs statements in another database of the same server.</summary>
    private static async Task FromOutsideAsync(LedgerDatabase database, params string[] statements)
    {
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var name = settings.Database!;
        settings.Database = "ledger";
        await using var outside = NpgsqlDataSource.Create(settings);
        foreach (var statement in statements)
        {
            await using var command = outside.CreateCommand(string.Format(System.Globalization.CultureInfo.InvariantCulture, statement, name));
            await command.ExecuteNonQueryAsync();
        }
    }
}
