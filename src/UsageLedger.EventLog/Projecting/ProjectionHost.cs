using Microsoft.Extensions.Logging;
using Npgsql;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.EventLog.Projecting;

/// <summary>Runs every projection of this process, and the listener that wakes them, until stopped.</summary>
public sealed class ProjectionHost(
    NpgsqlDataSource database, LogReader reader, LogSignal head, ReadSignal reached, IReadOnlyList<IProjection> projections, ProjectionOptions options, ILoggerFactory logs)
{
    /// <summary>Runs until cancelled. When one of them ends of itself all end, and the cause is thrown.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        if (!await RegisterAsync(ct))
        {
            return;
        }

        var listener = new LogListener(database, reader, head, logs.CreateLogger<LogListener>());
        var runners = projections.Select(projection =>
            new ProjectionRunner(database, reader, projection, head, reached, options, logs.CreateLogger<ProjectionRunner>()));
        using var together = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var running = runners.Select(runner => runner.RunAsync(together.Token)).Append(listener.RunAsync(together.Token)).ToList();
        await Task.WhenAny(running);
        await together.CancelAsync();
        await Task.WhenAll(running);
    }

    /// <summary>A database that is away for a moment while the host starts is waited for, as it is later on.</summary>
    /// <returns>Whether it was done before the host was stopped.</returns>
    private async Task<bool> RegisterAsync(CancellationToken ct)
    {
        var log = logs.CreateLogger<ProjectionHost>();
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await ProjectionStore.RegisterAsync(database, projections.Select(projection => projection.Name), ct);
                return true;
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return false;
            }
            catch (Exception failure) when (Transient.Is(failure))
            {
                log.LogWarning(failure, "The projections cannot be registered yet");
            }

            await Task.Delay(options.TakeoverEvery, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return false;
    }
}
