using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Npgsql;

namespace UsageLedger.Host.Embedded;

/// <summary>The cluster of one data directory: found running or brought up. Everything here happens under the start lock.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class Cluster(ClusterHome home, ServerControl control, ClusterPasswords passwords, ILogger log)
{
    private const int StartsMax = 5;

    // lock_file_exists: processes of the server that was killed have not ended yet.
    private const string StillInUse = " F0001 ";
    private static readonly TimeSpan LeftoversMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LeftoversPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AnswerPause = TimeSpan.FromMilliseconds(50);

    /// <summary>The port of the running server, the ledger's role and database made sure of.</summary>
    public async Task<int> EnsureRunningAsync(CancellationToken ct)
    {
        var last = PostmasterPid.Read(home.PidFile);
        var port = await AdoptAsync(ct) ?? await StartAsync(last?.Port ?? 0, ct);
        await using var superuser = await ServerConnection.OpenSuperuserAsync(port, passwords, ct);
        await ClusterRoles.EnsureAsync(superuser, passwords, ct);
        return port;
    }

    public string ConnectionString(int port) => ServerConnection.ForOwner(port, passwords);

    /// <summary>A connection to the ledger's database that may make roles.</summary>
    public Task<NpgsqlConnection> OpenAdministratorAsync(int port, CancellationToken ct) =>
        ServerConnection.OpenSuperuserAsync(port, passwords, ct, ClusterPasswords.OwnerRole);

    /// <summary>A killed server leaves its postmaster.pid behind; one stopped by hand does not, and is left alone.</summary>
    public async Task<bool> WasKilledAsync(CancellationToken ct) =>
        PostmasterPid.Read(home.PidFile) is { } last && await PostmasterProcess.StateAsync(last, ct) != PostmasterState.Alive;

    public async Task StopAsync(CancellationToken ct)
    {
        if (PostmasterPid.Read(home.PidFile) is not { } running || await PostmasterProcess.StateAsync(running, ct) != PostmasterState.Alive)
            return;
        var stop = await control.StopAsync(ct);
        if (!stop.Succeeded)
            log.LogWarning("PostgreSQL (process {Pid}) could not be stopped and is left to the next start: {Cause}", running.Pid, stop.Said);
    }

    // A running postmaster may be starting, recovering, or on its way out: it is waited for until it answers or is gone.
    private async Task<int?> AdoptAsync(CancellationToken ct)
    {
        var waited = Stopwatch.StartNew();
        while (PostmasterPid.Read(home.PidFile) is { } running)
        {
            switch (await PostmasterProcess.StateAsync(running, ct))
            {
                case PostmasterState.Gone:
                    log.LogInformation("PostgreSQL (process {Pid}) did not stop cleanly; it recovers now", running.Pid);
                    return null;
                case PostmasterState.Another:
                    log.LogInformation("postmaster.pid names process {Pid}, which is not this cluster's server; the file is stale and removed", running.Pid);
                    File.Delete(home.PidFile);
                    return null;
            }

            if (running.Port > 0 && await AnswersAsync(running.Port, ct))
                return running.Port;
            if (waited.Elapsed >= ServerControl.StartMax)
                throw new EmbeddedPostgresException(
                    $"PostgreSQL (process {running.Pid}, named by {home.PidFile}) did not answer on port {running.Port} within {ServerControl.StartMax.TotalSeconds:0} s. "
                    + $"See what it does, or stop it. The end of {home.Log}:\n{ServerLog.Tail(home.Log)}");
            await Task.Delay(AnswerPause, ct);
        }

        return null;
    }

    private async Task<bool> AnswersAsync(int port, CancellationToken ct)
    {
        try
        {
            await using var connection = await ServerConnection.OpenSuperuserAsync(port, passwords, ct);
            return true;
        }
        catch (PostgresException refusal) when (refusal.SqlState is PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification)
        {
            throw new EmbeddedPostgresException(
                $"The PostgreSQL running on {home.Data} (port {port}) refuses the password in {home.Passwords}. Restore the file from a backup.", refusal);
        }
        catch (PostgresException refusal) when (refusal.SqlState is PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.TooManyConnections)
        {
            // Narrower than a database that is away: only what a server says while it comes up, goes down, or is full.
            return false;
        }
        catch (NpgsqlException failure) when (failure.InnerException is SocketException or IOException or TimeoutException)
        {
            return false;
        }
    }

    // A server that was killed comes back on its port, where other processes may be waiting for it.
    private async Task<int> StartAsync(int lastPort, CancellationToken ct)
    {
        var waited = Stopwatch.StartNew();
        for (var starts = 1; ; starts++)
        {
            var port = lastPort > 0 && !FreePort.IsTaken(lastPort) ? lastPort : FreePort.Next();
            ServerLog.Bound(home.Log);
            var written = ServerLog.Length(home.Log);
            var start = await control.StartAsync(port, ct);
            if (start.Succeeded)
                return port;
            var said = ServerLog.Tail(home.Log, written);
            if (said.Contains(StillInUse, StringComparison.Ordinal) && waited.Elapsed < LeftoversMax)
                await Task.Delay(LeftoversPause, ct);
            else if (starts >= StartsMax || !FreePort.IsTaken(port))
                throw new EmbeddedPostgresException($"PostgreSQL did not start on {home.Data}: {start.Said}\nThe end of {home.Log}:\n{said}");
        }
    }
}
