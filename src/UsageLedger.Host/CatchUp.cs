using Npgsql;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Projecting;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.Host;

/// <summary>Brings the read models to the head of the log from a process that is no server: alone, or beside one that does it anyway.</summary>
internal static class CatchUp
{
    /// <summary>Returns when every projection holds what was in the log at the call, or is stopped.</summary>
    public static async Task RunAsync(NpgsqlDataSource database, ILoggerFactory logs, CancellationToken ct)
    {
        await ProjectionPreparation.RunAsync(database, LedgerServices.Projections, ct);
        var reader = new LogReader(database);
        using var running = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var reached = new ReadSignal();
        var host = new ProjectionHost(database, reader, new LogSignal(), reached, LedgerServices.Projections, new ProjectionOptions(), logs);
        var projecting = host.RunAsync(running.Token);
        try
        {
            var head = await reader.HeadAsync(ct);
            while (!projecting.IsCompleted && !await DoneAsync(database, head, ct))
            {
                await Task.WhenAny(reached.Moved, projecting, Task.Delay(TimeSpan.FromMilliseconds(100), ct));
            }
        }
        finally
        {
            await running.CancelAsync();
            await StoppedAsync(projecting, running.Token);
        }
    }

    /// <summary>Beside a server all may be done before the projections have begun; then beginning is what is cut off.</summary>
    private static async Task StoppedAsync(Task projecting, CancellationToken stop)
    {
        try
        {
            await projecting;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }
    }

    private static async Task<bool> DoneAsync(NpgsqlDataSource database, long head, CancellationToken ct)
    {
        var all = await ProjectionStore.AllAsync(database, ct);
        return LedgerServices.Projections.All(projection =>
            all.Any(status => status.Name == projection.Name && (status.Position >= head || status.State == "stopped")));
    }
}
