using Npgsql;
using UsageLedger.Cycles.Calendar;
using UsageLedger.EventLog.Proof;
using UsageLedger.EventLog.Reading;
using UsageLedger.Reconciling;
using UsageLedger.Recording;

namespace UsageLedger.Replaying;

/// <summary>
/// Holds what was signed off for the time of a cycle against its events: that these are the ones appended, that the lines come to the totals,
/// that what is shown is what was signed, and that the tree had the root it names; and against the log, which is read again up to the position
/// that it names and held against the invoice anew.
/// </summary>
internal sealed class ReconciliationCheck(LogReader reader, ITileSource tiles, NpgsqlDataSource database, string tenant)
{
    private readonly ReconciliationReplay replay = new(reader, tiles, database, tenant);

    /// <summary>Those that were signed off up to the position, oldest first.</summary>
    public async Task<IReadOnlyList<AuditedReconciliation>> RunAsync(Cycle cycle, long position, Findings found, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var audited = new List<AuditedReconciliation>();
        foreach (var shown in (await ReconciliationReads.OfPeriodAsync(connection, tenant, cycle.Start, cycle.End, ct)).Reverse().Where(one => one.IsSignedOff))
        {
            var (facts, changed) = await FactsAsync(shown, position, found, ct);
            if (facts.SignedOff is null && !changed)
            {
                continue;
            }

            found.AddAll(await DifferencesAsync(shown, facts, ct));
            var replayed = facts.Made is { } made ? await replay.RunAsync(made, found, ct) : null;
            found.AddAll(replayed is null ? [NotReplayed(shown)] : ReplayedReport.Compare(facts.Made!, facts.Lines, replayed));
            audited.Add(new AuditedReconciliation(
                shown.Id, shown.InvoiceNumber, shown.Provider, shown.Position, ExactDecimal.ToText(shown.LedgerCost), Text(replayed?.Totals.Ledger),
                ExactDecimal.ToText(shown.ProviderCost), ExactDecimal.ToText(shown.Difference), shown.Currency, shown.SignedOffAt!.Value));
        }

        return audited;
    }

    /// <summary>Each event is held against its leaf; one that was changed cannot be believed to say nothing.</summary>
    private async Task<(ReconciliationFacts Facts, bool Changed)> FactsAsync(ReconciliationSummary shown, long position, Findings found, CancellationToken ct)
    {
        var (facts, changed, leaves) = (ReconciliationFacts.None, false, new LeafCheck(tiles));
        await foreach (var stored in reader.StreamAsync(tenant, StreamNames.OfInvoice(shown.InvoiceId), 0, ct))
        {
            if (stored.Position > position)
            {
                break;
            }

            var holds = await leaves.HoldsAsync(stored, ct);
            found.Leaf(stored, holds);
            changed |= !holds;
            try
            {
                facts = facts.With(stored, shown.Id);
            }
            catch (UnreadableEventException)
            {
                found.Unreadable(stored);
            }
        }

        return (facts, changed);
    }

    private static AuditDifference NotReplayed(ReconciliationSummary shown) => new(
        AuditDifference.ReconciliationDiffers, $"ledger's side of invoice {shown.InvoiceNumber}", null, ExactDecimal.ToText(shown.LedgerCost));

    private async Task<List<AuditDifference>> DifferencesAsync(ReconciliationSummary shown, ReconciliationFacts facts, CancellationToken ct)
    {
        var differences = new List<AuditDifference>();
        var root = facts.Made is { } made ? await AuditedTree.RootAsync(tiles, made.TreeSize, ct) : null;
        Compare("signed report", facts.Made?.ReportHash, facts.SignedOff?.ReportHash);
        Compare("root of the tree", root, facts.Made?.RootHash);
        Compare("lines", facts.Made?.LineCount.ToString(System.Globalization.CultureInfo.InvariantCulture), facts.Lines.Count().ToString(System.Globalization.CultureInfo.InvariantCulture));
        Compare("difference of its lines", facts.LinesDifference.ToString(), Text(facts.Made?.Totals.Difference));
        Compare("ledger's cost", Text(facts.Made?.Totals.Ledger), Text(shown.LedgerCost));
        Compare("provider's cost", Text(facts.Made?.Totals.Provider), Text(shown.ProviderCost));
        Compare("difference", Text(facts.Made?.Totals.Difference), Text(shown.Difference));
        return differences;

        void Compare(string what, string? log, string? found)
        {
            if (log != found)
            {
                differences.Add(new(AuditDifference.ReconciliationDiffers, $"{what} of invoice {shown.InvoiceNumber}", log, found));
            }
        }
    }

    private static string? Text(decimal? number) => number is { } value ? ExactDecimal.ToText(value) : null;
}
