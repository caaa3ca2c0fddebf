using Npgsql;
using UsageLedger.IntegrationSpecs.Embedded;
using Xunit.Abstractions;

namespace UsageLedger.IntegrationSpecs.Crash;

/// <summary>What goes wrong while the load runs: hosts and PostgreSQL are killed, sessions ended; in an order that the seed decides.</summary>
internal sealed class Havoc(HostPair hosts, DataDir postgres, string connectionString, ITestOutputHelper output)
{
    private const string EndSessions = "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'";

    /// <summary>The last blow falls while load is left for those who come back.</summary>
    private const double LastAt = 0.7;

    /// <summary>So many that some fall between a commit and its answer.</summary>
    private const int SessionEnds = 20;

    public async Task RunAsync(Load load, Random random)
    {
        (string What, Func<Task> Do)[] blows =
        [
            ("the first host is killed", () => hosts.KillAndRestartAsync(0)),
            ("the second host is killed", () => hosts.KillAndRestartAsync(1)),
            ("PostgreSQL is killed", KillPostgresAsync),
            .. Enumerable.Repeat<(string, Func<Task>)>(("all sessions are ended", EndSessionsAsync), SessionEnds),
        ];
        random.Shuffle(blows);
        for (var blow = 0; blow < blows.Length; blow++)
        {
            var at = LastAt * (blow + random.NextDouble()) / blows.Length;
            await load.ReachedAsync(at);
            output.WriteLine($"at {at:P0}: {blows[blow].What}");
            await blows[blow].Do();
        }
    }

    private async Task KillPostgresAsync()
    {
        DataDir.Kill(postgres.ServerPid);
        await DataDir.EventuallyAsync(async () =>
        {
            try
            {
                return await DataDir.AskAsync<int>(connectionString, "select 1") == 1;
            }
            catch (NpgsqlException)
            {
                return false;
            }
        });
    }

    private Task EndSessionsAsync() => DataDir.DoAsync(connectionString, EndSessions);
}
