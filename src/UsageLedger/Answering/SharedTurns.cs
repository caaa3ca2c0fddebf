using System.Threading.RateLimiting;

namespace UsageLedger.Answering;

/// <summary>The turns of one host, of which nobody has more than a share: whoever is slow leaves the rest to others.</summary>
public sealed class SharedTurns : IDisposable
{
    private readonly ConcurrencyLimiter ofAll;
    private readonly PartitionedRateLimiter<string>[] ofEach;

    /// <param name="waitingMax">How many more wait; beyond that they are refused.</param>
    /// <param name="shares">From the smallest to the greatest: who waits for a greater one has the smaller already.</param>
    public SharedTurns(int atOnceMax, int waitingMax, params TurnShare[] shares)
    {
        ofAll = new ConcurrencyLimiter(Bound(atOnceMax, waitingMax));
        ofEach = [.. shares.Select(share => PartitionedRateLimiter.Create<string, string>(
            one => RateLimitPartition.GetConcurrencyLimiter(one, _ => Bound(share.AtOnceMax, share.WaitingMax)), StringComparer.Ordinal))];
    }

    /// <inheritdoc cref="TakeAsync(IReadOnlyList{string}, CancellationToken)"/>
    public ValueTask<IDisposable?> TakeAsync(string one, CancellationToken ct) => TakeAsync([one], ct);

    /// <summary>A turn, to be given back; null: too many wait already.</summary>
    /// <param name="ones">Whose it is, one for each of the shares.</param>
    public async ValueTask<IDisposable?> TakeAsync(IReadOnlyList<string> ones, CancellationToken ct)
    {
        var turn = new Turn(ofEach.Length + 1);
        try
        {
            for (var share = 0; share < ofEach.Length; share++)
            {
                if (!turn.Holds(await ofEach[share].AcquireAsync(ones[share], 1, ct)))
                {
                    turn.Dispose();
                    return null;
                }
            }

            if (turn.Holds(await ofAll.AcquireAsync(1, ct)))
            {
                return turn;
            }
        }
        catch
        {
            turn.Dispose();
            throw;
        }

        turn.Dispose();
        return null;
    }

    public void Dispose()
    {
        ofAll.Dispose();
        Array.ForEach(ofEach, share => share.Dispose());
    }

    private static ConcurrencyLimiterOptions Bound(int atOnceMax, int waitingMax) =>
        new() { PermitLimit = atOnceMax, QueueLimit = waitingMax, QueueProcessingOrder = QueueProcessingOrder.OldestFirst };

    private sealed class Turn(int leasesMax) : IDisposable
    {
        private readonly Stack<RateLimitLease> leases = new(leasesMax);

        public bool Holds(RateLimitLease lease)
        {
            leases.Push(lease);
            return lease.IsAcquired;
        }

        public void Dispose()
        {
            while (leases.TryPop(out var lease))
            {
                lease.Dispose();
            }
        }
    }
}
