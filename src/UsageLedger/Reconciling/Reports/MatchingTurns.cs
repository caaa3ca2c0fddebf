using System.Threading.RateLimiting;

namespace UsageLedger.Reconciling.Reports;

/// <summary>A reconciliation reads the log from its invoice's period on, so few are made at once: those who record go before.</summary>
public sealed class MatchingTurns : IDisposable
{
    public const int AtOnceMax = 2;
    private const int WaitingMax = 16;
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(2);

    private readonly ConcurrencyLimiter turns = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = AtOnceMax,
        QueueLimit = WaitingMax,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>A turn, to be given back; null: others have them all for longer than is waited.</summary>
    public async Task<IDisposable?> TakeAsync(CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(WaitMax);
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
