using Npgsql;
using UsageLedger.IntegrationSpecs.Embedded;

namespace UsageLedger.IntegrationSpecs.Crash;

/// <summary>What goes wrong while a slice of the load runs: hosts and PostgreSQL are killed, sessions ended; in an order that the seed decides.</summary>
internal sealed class Havoc(HostGroup hosts, DataDir postgres, string connectionString, FaultFigures figures, FaultReport report)
{
    public const string EndSessions = "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'";

    /// <summary>The last blow falls while load is left for those who come back.</summary>
    private const double LastAt = 0.7;

    private int _kills = new Random(figures.Seed).Next(hosts.Count + 2);

    /// <param name="kills">So many kill -9.</param>
    /// <param name="sessionEnds">So many that some fall between a commit and its answer.</param>
    public async Task RunAsync(Load load, Random random, int kills, int sessionEnds)
    {
        Func<Task<string>>[] blows =
        [
            .. Enumerable.Range(0, kills).Select(_ => (Func<Task<string>>)(() => KillAsync(_kills++ % (hosts.Count + 2)))),
            .. Enumerable.Repeat(EndSessionsAsync, sessionEnds),
        ];
        random.Shuffle(blows);
        for (var blow = 0; blow < blows.Length; blow++)
        {
            var at = LastAt * (blow + random.NextDouble()) / blows.Length;
            await load.ReachedAsync(at);
            report.Say($"at {at:P0}: {await blows[blow]()}");
        }
    }

    /// <summary>Each host, PostgreSQL, and the first host with PostgreSQL.</summary>
    private async Task<string> KillAsync(int whom)
    {
        if (whom < hosts.Count)
        {
            figures.HostsKilled++;
            await hosts.KillAndRestartAsync(whom);
            return $"host {whom} is killed";
        }

        if (whom > hosts.Count)
        {
            figures.HostsKilled++;
            hosts.Kill(0);
        }

        figures.PostgresKilled++;
        DataDir.Kill(postgres.ServerPid);
        await DataDir.EventuallyAsync(AnswersAsync);
        if (whom == hosts.Count)
            return "PostgreSQL is killed";
        await hosts.RestartAsync(0);
        return "host 0 and PostgreSQL are killed";
    }

    private async Task<string> EndSessionsAsync()
    {
        figures.SessionsEnded++;
        await DataDir.DoAsync(connectionString, EndSessions);
        return "all sessions are ended";
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            return await DataDir.AskAsync<int>(connectionString, "select 1") == 1;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
