using UsageLedger.EventLog;
using UsageLedger.EventLog.Checkpoints;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Host;

/// <summary>Signs the log's head every minute, and once more at the end, and keeps each outside the database.</summary>
internal sealed class CheckpointService(CheckpointSigner signer, ILogger<CheckpointService> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>Of its own: what others took of the time to stop in does not leave the log's end unsigned.</summary>
    private static readonly TimeSpan LastWithin = TimeSpan.FromSeconds(5);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await signer.IntroduceAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        do
        {
            await KeepAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var last = new CancellationTokenSource(LastWithin);
        await KeepAsync(last.Token);
    }

    private async Task KeepAsync(CancellationToken ct)
    {
        try
        {
            var signed = await signer.KeepAsync(ct);
            log.LogDebug("Signed the tree head of {Size} events", signed.Size);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            log.LogDebug("Stopped before the tree head was signed");
        }
        catch (Exception failure) when (failure is LogForkException or TileMissingException)
        {
            log.LogError(failure, "The tree head is not signed: the log is damaged");
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException || DatabaseFailure.Is(failure))
        {
            log.LogWarning(failure, "The tree head could not be signed now; the next minute tries again");
        }
    }
}
