using NodaTime;
using Npgsql;
using UsageLedger.EventLog.Proof;
using UsageLedger.EventLog.Reading;
using UsageLedger.Reconciling;
using UsageLedger.Reconciling.Invoices;
using UsageLedger.Reconciling.Matching;

namespace UsageLedger.Replaying;

/// <summary>Makes the ledger's side of an invoice anew of the tenant's events, one after another, each held against its leaf.</summary>
internal sealed class LedgerSideReplay(LogReader reader, ITileSource tiles, NpgsqlDataSource database, string tenant)
{
    /// <summary>Rows that are alike are put together before they are handed on, so many at a time.</summary>
    private const int RowsMax = 50_000;

    /// <summary>What cannot be read counts nothing, and is told.</summary>
    /// <param name="position">The log as it was then.</param>
    /// <param name="rule">Of <see cref="MatchingRule"/>.</param>
    public async Task<UsageByLine> ReadAsync(ProviderInvoice invoice, long position, int rule, Findings found, CancellationToken ct)
    {
        var time = new Interval(invoice.PeriodStart - PoolJudge.Beyond, invoice.PeriodEnd + PoolJudge.Beyond);
        var after = await LedgerSide.PlaceOfAsync(database, time.Start, position, ct);
        var (usage, leaves, rows) = (new UsageByLine(invoice, rule), new LeafCheck(tiles), new Dictionary<LedgerRow, BilledSums>());
        await foreach (var stored in reader.TenantAsync(tenant, BilledUsage.Types, after, position, ct))
        {
            found.Leaf(stored, await leaves.HoldsAsync(stored, ct));
            try
            {
                Add(rows, BilledUsage.Of(stored, invoice, time), usage.WantsResources);
            }
            catch (UnreadableEventException)
            {
                found.Unreadable(stored);
            }

            if (rows.Count >= RowsMax)
            {
                HandOn(rows, usage);
            }
        }

        HandOn(rows, usage);
        return usage;
    }

    private static void Add(Dictionary<LedgerRow, BilledSums> rows, IEnumerable<LedgerRow> billed, bool byResource)
    {
        foreach (var row in billed)
        {
            var key = row with { BilledQuantity = 0, Figures = default, ResourceId = byResource ? row.ResourceId : null, NativeId = byResource ? row.NativeId : null };
            rows[key] = rows.GetValueOrDefault(key) + row;
        }
    }

    /// <exception cref="OverflowException">A sum has more digits than there are.</exception>
    private static void HandOn(Dictionary<LedgerRow, BilledSums> rows, UsageByLine usage)
    {
        foreach (var (key, sums) in rows)
        {
            usage.Add(sums.In(key));
        }

        rows.Clear();
    }

    /// <summary>Sums of rows that are alike; exact at any length, as they may be of opposite signs.</summary>
    private readonly record struct BilledSums(ExactTotal Billed, ExactTotal Quantity, ExactTotal Cost, long Records, long Pending)
    {
        public static BilledSums operator +(BilledSums sums, LedgerRow row) => new(
            sums.Billed + ExactTotal.Of(row.BilledQuantity), sums.Quantity + ExactTotal.Of(row.Figures.Quantity), sums.Cost + ExactTotal.Of(row.Figures.Cost),
            sums.Records + row.Figures.Records, sums.Pending + row.Figures.Pending);

        public LedgerRow In(LedgerRow key) => key with
        {
            BilledQuantity = Numbers.Of(Billed.ToString()),
            Figures = new Figures(Numbers.Of(Quantity.ToString()), Numbers.Of(Cost.ToString()), Records, Pending),
        };
    }
}
