using System.Runtime.CompilerServices;
using NodaTime;
using UsageLedger.Auditing;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Replaying;

/// <summary>Lists the events that made a line.</summary>
internal sealed class AuditedUses(LogAt log, BookingRule rule, ITileSource tiles)
{
    public async IAsyncEnumerable<AuditedUse> OfAsync(
        Instant cycleStart, LineKey key, bool proofs, [EnumeratorCancellation] CancellationToken ct)
    {
        var tree = new TreeReader(tiles);
        var root = proofs ? await tree.RootAsync(log.Position, ct) : [];
        await foreach (var stored in log.UsageAsync(0, ct))
        {
            foreach (var (_, sums) in Booked(stored, cycleStart).Where(line => line.Key == key))
            {
                var use = Use(stored, sums);
                yield return proofs ? use with { Proof = await ProofAsync(tree, root, stored, ct) } : use;
            }
        }
    }

    /// <summary>What cannot be read adds nothing to a line, and is among the differences.</summary>
    private IReadOnlyList<(LineKey Key, LineSums Sums)> Booked(StoredEvent stored, Instant cycleStart)
    {
        try
        {
            return EventBookings.Of(stored, rule, cycleStart);
        }
        catch (UnreadableEventException)
        {
            return [];
        }
    }

    private async Task<AuditedProof> ProofAsync(TreeReader tree, byte[] root, StoredEvent stored, CancellationToken ct)
    {
        var (index, size) = (stored.Position - 1, log.Position);
        var path = await tree.InclusionPathAsync(index, size, ct);
        return new AuditedProof(
            index, size, [.. path.Select(hash => Convert.ToHexStringLower(hash))], InclusionProof.Verify(LeafCheck.Leaf(stored), index, size, path, root));
    }

    private static AuditedUse Use(StoredEvent stored, LineSums sums) => new(
        stored.Position, stored.Type, stored.Type == EventTypes.UsageRecorded ? stored.Id : EventSubjects.Of(stored), stored.RecordedAt,
        sums.Quantity.ToString(), sums.Cost.ToString(), sums.Records, Convert.ToHexStringLower(LeafCheck.Leaf(stored)));
}
