using System.Security.Cryptography;
using Npgsql;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Checkpoints;
using UsageLedger.EventLog.Proof;
using UsageLedger.EventLog.Reading;
using UsageLedger.Reconciling.Invoices;
using UsageLedger.Reconciling.Matching;

namespace UsageLedger.Reconciling.Reports;

/// <summary>Holds an invoice against the ledger. At the same position with the same tolerance it is the same reconciliation, by whatever rule it was made.</summary>
/// <param name="Position">The ledger as it was then; null: as it is.</param>
public sealed record MakeReconciliation(string Tenant, string CorrelationId, Guid InvoiceId, Tolerance Tolerance, long? Position = null);

/// <param name="Made">Null: there is no such invoice, or the log has not come to the position.</param>
/// <param name="IsNew">It was not made before.</param>
public sealed record ReconciliationOutcome(ReconciliationMade? Made, bool IsNew, long Head);

/// <summary>Handles <see cref="MakeReconciliation"/>.</summary>
public static class MakeReconciliationHandler
{
    /// <exception cref="OverflowException">A sum needs more digits than there are.</exception>
    public static async Task<ReconciliationOutcome> Handle(
        MakeReconciliation command, InvoiceStore invoices, ReportStore reports, LogReader reader, LogAppender log, NpgsqlDataSource database, CancellationToken ct)
    {
        var head = await reader.HeadAsync(ct);
        var position = command.Position ?? head;
        if (position > head || await invoices.LatestAsync(command.Tenant, command.InvoiceId, ct) is not { } known)
        {
            return new ReconciliationOutcome(null, false, head);
        }

        var id = IdOf(command, known.Told.Revision, position);
        if (await reports.FindAsync(command.Tenant, id, ct) is { } before)
        {
            return new ReconciliationOutcome(before.Made, false, head);
        }

        var invoice = await invoices.WholeAsync(command.Tenant, known.Told, ct);
        var matched = InvoiceMatching.Match(invoice, command.Tolerance, await LedgerSide.ReadAsync(database, command.Tenant, invoice, position, MatchingRule.Latest, ct));
        var root = Convert.ToHexStringLower(await new TreeReader(new LogTiles(database)).RootAsync(position, ct));
        var made = Told(command, known.Told, id, position, root, matched);
        var parts = matched.Lines.Chunk(ReconciliationLines.LinesMax)
            .Select((lines, index) => new ReconciliationLines(id, made.ReportHash, index + 1, lines).ToEvent(command.Tenant, command.InvoiceId));
        var outcome = await PartedAppend.RunAsync(log, command.Tenant, command.CorrelationId, parts, made.ToEvent(command.Tenant), ct);
        return outcome.Verdict == Decision.Accepted
            ? new ReconciliationOutcome(made, true, head)
            : new ReconciliationOutcome((await reports.FindAsync(command.Tenant, id, ct))!.Made, false, head);
    }

    /// <summary>One hash of everything that a reconciliation says: of its own members without the hash, then of each line, a line of canonical JSON each.</summary>
    public static string HashOf(ReconciliationMade made, IEnumerable<ReportLine> lines)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(EventJson.Write(made with { ReportHash = "" }).Utf8.Span);
        foreach (var line in lines)
        {
            hash.AppendData("\n"u8);
            hash.AppendData(EventJson.Write(line).Utf8.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static Guid IdOf(MakeReconciliation command, int revision, long position) => DeterministicId.Of(
        "reconciliation", command.Tenant, command.InvoiceId.ToString("D"), Numbers.Text(revision), Numbers.Text(position),
        Numbers.Text(command.Tolerance.Absolute), Numbers.Text(command.Tolerance.Percent));

    private static ReconciliationMade Told(
        MakeReconciliation command, ProviderInvoiceReceived invoice, Guid id, long position, string root, MatchedInvoice matched)
    {
        var parts = (matched.Lines.Count + ReconciliationLines.LinesMax - 1) / ReconciliationLines.LinesMax;
        var made = new ReconciliationMade(
            id, invoice.InvoiceId, invoice.Number, invoice.Revision, invoice.Provider, invoice.SourceId, invoice.PeriodStart, invoice.PeriodEnd,
            invoice.TimeZone, invoice.Currency, command.Tolerance, position, position, root, matched.Counts, matched.Totals, matched.Findings,
            matched.Lines.Count, parts, "", MatchingRule.Latest);
        return made with { ReportHash = HashOf(made, matched.Lines) };
    }
}
