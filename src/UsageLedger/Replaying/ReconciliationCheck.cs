using Npgsql;
using UsageLedger.Cycles.Calendar;
using UsageLedger.EventLog.Proof;
using UsageLedger.EventLog.Reading;
using UsageLedger.Reconciling;
using UsageLedger.Reconciling.Matching;
using UsageLedger.Reconciling.Reports;
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
    private readonly SignOffs signOffs = new(reader, tiles, database, tenant);

    /// <summary>Those that were signed off up to the position, in that order, as the log has them; then those that only the table knows.</summary>
    public async Task<IReadOnlyList<AuditedReconciliation>> RunAsync(Cycle cycle, long position, Findings found, CancellationToken ct)
    {
        var shownUpTo = await signOffs.ShownUpToAsync(ct);
        var audited = new List<AuditedReconciliation>();
        await foreach (var one in signOffs.OfAsync(cycle, position, found, ct))
        {
            var facts = await FactsAsync(one, position, found, ct);
            var row = await ReconciliationReads.FindAsync(database, tenant, one.Reconciliation, ct);
            if ((facts.Made?.Shown(one.Event.RecordedAt, facts.SignedOff) ?? row) is not { } told)
            {
                found.Add(new(AuditDifference.ReconciliationDiffers, $"reconciliation {one.Reconciliation:D}", null, "a sign-off"));
                continue;
            }

            found.AddAll(await DifferencesAsync(told, facts, ct));
            found.AddAll(row?.SignedOffAt is not null || shownUpTo >= one.Event.Position ? ShownReconciliation.Compare(told, row) : []);
            var replayed = facts.Made is { } made ? await replay.RunAsync(made, found, ct) : null;
            found.AddAll(replayed is null ? [NotReplayed(told, facts.Made)] : ReplayedReport.Compare(facts.Made!, facts.Lines, replayed));
            audited.Add(new AuditedReconciliation(
                told.Id, told.InvoiceNumber, told.Provider, told.Position, ExactDecimal.ToText(told.LedgerCost), Text(replayed?.Totals.Ledger),
                ExactDecimal.ToText(told.ProviderCost), ExactDecimal.ToText(told.Difference), told.Currency, one.Event.RecordedAt));
        }

        return audited;
    }

    /// <summary>Each event is held against its leaf; what cannot be read is told, and says nothing.</summary>
    private async Task<ReconciliationFacts> FactsAsync(SignOff one, long position, Findings found, CancellationToken ct)
    {
        var (facts, leaves) = (ReconciliationFacts.None, new LeafCheck(tiles));
        await foreach (var stored in reader.StreamAsync(tenant, one.Event.Stream, 0, ct))
        {
            if (stored.Position > position)
            {
                break;
            }

            found.Leaf(stored, await leaves.HoldsAsync(stored, ct));
            try
            {
                facts = facts.With(stored, one.Reconciliation);
            }
            catch (UnreadableEventException)
            {
                found.Unreadable(stored);
            }
        }

        return facts;
    }

    private static AuditDifference NotReplayed(ReconciliationSummary told, ReconciliationMade? made) => made is { MatchedBy: var rule } && !MatchingRule.IsKnown(rule)
        ? new(AuditDifference.ReconciliationDiffers, $"rule of invoice {told.InvoiceNumber}, which this release does not know", Numbers.Text(rule), Numbers.Text(MatchingRule.Latest))
        : new(AuditDifference.ReconciliationDiffers, $"ledger's side of invoice {told.InvoiceNumber}", null, ExactDecimal.ToText(told.LedgerCost));

    private async Task<List<AuditDifference>> DifferencesAsync(ReconciliationSummary told, ReconciliationFacts facts, CancellationToken ct)
    {
        var differences = new List<AuditDifference>();
        var root = facts.Made is { } made ? await AuditedTree.RootAsync(tiles, made.TreeSize, ct) : null;
        Compare("signed report", facts.Made?.ReportHash, facts.SignedOff?.ReportHash);
        Compare("root of the tree", root, facts.Made?.RootHash);
        Compare("lines", Text(facts.Made?.LineCount), Text(facts.Lines.Count()));
        Compare("difference of its lines", facts.LinesDifference.ToString(), Text(facts.Made?.Totals.Difference));
        return differences;

        void Compare(string what, string? log, string? found)
        {
            if (log != found)
            {
                differences.Add(new(AuditDifference.ReconciliationDiffers, $"{what} of invoice {told.InvoiceNumber}", log, found));
            }
        }
    }

    private static string? Text(decimal? number) => number is { } value ? ExactDecimal.ToText(value) : null;
}
