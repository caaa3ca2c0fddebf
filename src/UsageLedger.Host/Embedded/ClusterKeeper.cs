using System.Runtime.Versioning;

namespace UsageLedger.Host.Embedded;

/// <summary>While the host lives: keeps the server's log bounded, and brings a server that was killed back on the same port.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class ClusterKeeper : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan IntervalAfterFailure = TimeSpan.FromSeconds(15);

    private readonly CancellationTokenSource _stop = new();
    private readonly Cluster _cluster;
    private readonly ClusterHome _home;
    private readonly ILogger _log;
    private readonly Task _keeping;

    public ClusterKeeper(Cluster cluster, ClusterHome home, int port, ILogger log)
    {
        (_cluster, _home, _log) = (cluster, home, log);
        _keeping = Task.Run(() => KeepAsync(port, _stop.Token));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _keeping;
        _stop.Dispose();
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
            ServerLog.Bound(_home.Log);
            if (await _cluster.WasKilledAsync(ct))
                await ReviveAsync(port, ct);
            return true;
        }
        catch (Exception failure) when (failure is EmbeddedPostgresException or Npgsql.NpgsqlException or IOException or UnauthorizedAccessException)
        {
            _log.LogError(failure, "PostgreSQL on {DataDir} needs a hand", _home.DataDir);
            return false;
        }
    }

    private async Task ReviveAsync(int port, CancellationToken ct)
    {
        await using var turn = await StartLock.TakeAsync(_home.Lock, StartLock.WaitMax, ct);
        if (!await _cluster.WasKilledAsync(ct))
            return;
        _log.LogWarning("PostgreSQL on {DataDir} was killed; it is started again", _home.DataDir);
        if (await _cluster.EnsureRunningAsync(ct) != port)
            throw new EmbeddedPostgresException($"Another program took port {port} from the PostgreSQL on {_home.DataDir}. Start the ledger again.");
    }
}
