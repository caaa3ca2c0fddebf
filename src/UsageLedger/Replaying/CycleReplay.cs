using NodaTime;
using UsageLedger.Cycles;
using UsageLedger.EventLog;

namespace UsageLedger.Replaying;

/// <summary>A cycle made anew of the events of its client's stream, one after another; it holds lines, never events.</summary>
public sealed class CycleReplay(BookingRule rule, Instant cycleStart)
{
    private readonly Dictionary<LineKey, LineSums> lines = [];

    /// <summary>Events of the stream that were looked at.</summary>
    public long Events { get; private set; }

    /// <summary>Events that booked something into the cycle.</summary>
    public long Booked { get; private set; }

    public void Take(StoredEvent stored)
    {
        Events++;
        var booked = EventBookings.Of(stored, rule, cycleStart);
        Booked += booked.Count > 0 ? 1 : 0;
        foreach (var (key, sums) in booked)
        {
            lines[key] = lines.GetValueOrDefault(key, LineSums.Zero).Plus(sums);
        }
    }

    public ReplayedCycle End() => new([.. lines.Select(line => new ReplayedLine(line.Key, line.Value)).OrderBy(line => line.Key, LineKey.Order)]);
}

/// <summary>One line or adjustment.</summary>
public sealed record ReplayedLine(LineKey Key, LineSums Sums);

/// <summary>A cycle as the log has it.</summary>
/// <param name="Lines">Adjustments first, also those that came to nothing.</param>
public sealed record ReplayedCycle(IReadOnlyList<ReplayedLine> Lines)
{
    /// <summary>What a read shows.</summary>
    public IEnumerable<ReplayedLine> Shown => Lines.Where(line => line.Sums.IsShown);

    public long Records => Lines.Where(line => line.Key.Origin is null).Sum(line => line.Sums.Records);

    public long Late => Lines.Where(line => line.Key.Origin is not null).Sum(line => line.Sums.Records);

    public long Revised => Lines.Sum(line => line.Sums.Revised);

    public long Voided => Lines.Sum(line => line.Sums.Voided);

    /// <summary>A price that comes for a closed cycle takes its record off the pending ones there, not off ours.</summary>
    public long PendingCost => Lines.Sum(line => line.Key.Origin is null ? line.Sums.Pending : Math.Max(0, line.Sums.Pending));

    /// <summary>Per currency, in its order.</summary>
    public IReadOnlyList<CycleTotal> Totals =>
    [
        .. Lines.GroupBy(line => line.Key.Currency, StringComparer.Ordinal)
            .Where(currency => currency.Any(line => line.Sums.IsShown))
            .OrderBy(currency => currency.Key, StringComparer.Ordinal)
            .Select(currency => new CycleTotal(
                currency.Key, currency.Aggregate(ExactTotal.Zero, (sum, line) => sum + line.Sums.Cost).ToString())),
    ];

    internal IEnumerable<CycleRow> Rows => Shown.Select(line => new CycleRow(
        line.Key.Provider, line.Key.Metric, line.Key.AgentId, line.Key.Unit, line.Key.Currency, line.Key.Origin,
        line.Sums.Quantity.ToString(), line.Sums.Cost.ToString(), line.Sums.Records));
}
