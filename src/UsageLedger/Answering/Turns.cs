using System.Threading.RateLimiting;

namespace UsageLedger.Answering;

/// <summary>For work that only few do at once. Some more may wait a moment for their turn.</summary>
/// <param name="waitMax">How long one of them waits.</param>
public sealed class Turns(int atOnceMax, int waitingMax, TimeSpan waitMax) : IDisposable
{
    private readonly ConcurrencyLimiter turns = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = atOnceMax,
        QueueLimit = waitingMax,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>A turn, to be given back; null: others have them all for longer than is waited.</summary>
    public async Task<IDisposable?> TakeAsync(CancellationToken ct)
    {
        if (turns.AttemptAcquire() is { IsAcquired: true } free)
        {
            return free;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(waitMax);
        try
        {
            var turn = await turns.AcquireAsync(1, patience.Token);
            return turn.IsAcquired ? turn : null;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Dispose() => turns.Dispose();
}
