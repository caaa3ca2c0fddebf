using System.Runtime.Versioning;

namespace UsageLedger.Host.Embedded;

/// <summary>While the host lives: keeps the server's log bounded, and brings a server that was killed back on the same port.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class ClusterKeeper : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan IntervalAfterFailure = TimeSpan.FromSeconds(15);

    private readonly CancellationTokenSource stop = new();
    private readonly Cluster cluster;
    private readonly ClusterHome home;
    private readonly ILogger log;
    private readonly Task keeping;

    public ClusterKeeper(Cluster cluster, ClusterHome home, int port, ILogger log)
    {
        (this.cluster, this.home, this.log) = (cluster, home, log);
        keeping = Task.Run(() => KeepAsync(port, stop.Token));
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await keeping;
        stop.Dispose();
    }

    private async Task KeepAsync(int port, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
                timer.Period = await TickAsync(port, ct) ? Interval : IntervalAfterFailure;
        }
        catch (OperationCanceledException)
        {
            // The host leaves.
        }
    }

    private async Task<bool> TickAsync(int port, CancellationToken ct)
    {
        try
        {
            ServerLog.Bound(home.Log);
            if (await cluster.WasKilledAsync(ct))
                await ReviveAsync(port, ct);
            return true;
        }
        catch (Exception failure) when (failure is EmbeddedPostgresException or Npgsql.NpgsqlException or IOException or UnauthorizedAccessException)
        {
            log.LogError(failure, "PostgreSQL on {DataDir} needs a hand", home.DataDir);
            return false;
        }
    }

    private async Task ReviveAsync(int port, CancellationToken ct)
    {
        await using var turn = await StartLock.TakeAsync(home.Lock, StartLock.WaitMax, ct);
        if (!await cluster.WasKilledAsync(ct))
            return;
        log.LogWarning("PostgreSQL on {DataDir} was killed; it is started again", home.DataDir);
        if (await cluster.EnsureRunningAsync(ct) != port)
            throw new EmbeddedPostgresException($"Another program took port {port} from the PostgreSQL on {home.DataDir}. Start the ledger again.");
    }
}
