using System.Threading.RateLimiting;

namespace UsageLedger.Answering;

/// <summary>The turns of one host, of which nobody has more than a share: whoever is slow leaves the rest to others.</summary>
public sealed class SharedTurns : IDisposable
{
    private readonly ConcurrencyLimiter ofAll;
    private readonly PartitionedRateLimiter<string> ofEach;

    /// <param name="waitingMax">How many more wait; beyond that they are refused.</param>
    /// <param name="atOnceMaxOfOne">What one of those who share them has at most.</param>
    public SharedTurns(int atOnceMax, int waitingMax, int atOnceMaxOfOne, int waitingMaxOfOne)
    {
        ofAll = new ConcurrencyLimiter(Bound(atOnceMax, waitingMax));
        ofEach = PartitionedRateLimiter.Create<string, string>(
            one => RateLimitPartition.GetConcurrencyLimiter(one, _ => Bound(atOnceMaxOfOne, waitingMaxOfOne)), StringComparer.Ordinal);
    }

    /// <summary>A turn, to be given back; null: too many wait already.</summary>
    public async ValueTask<IDisposable?> TakeAsync(string one, CancellationToken ct)
    {
        var own = await ofEach.AcquireAsync(one, 1, ct);
        try
        {
            if (own.IsAcquired && await ofAll.AcquireAsync(1, ct) is { IsAcquired: true } turn)
            {
                return new Turn(own, turn);
            }
        }
        catch
        {
            own.Dispose();
            throw;
        }

        own.Dispose();
        return null;
    }

    public void Dispose()
    {
        ofAll.Dispose();
        ofEach.Dispose();
    }

    private static ConcurrencyLimiterOptions Bound(int atOnceMax, int waitingMax) =>
        new() { PermitLimit = atOnceMax, QueueLimit = waitingMax, QueueProcessingOrder = QueueProcessingOrder.OldestFirst };

    private sealed record Turn(RateLimitLease Own, RateLimitLease OfAll) : IDisposable
    {
        public void Dispose()
        {
            OfAll.Dispose();
            Own.Dispose();
        }
    }
}
