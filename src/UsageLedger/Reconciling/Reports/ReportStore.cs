using System.Runtime.CompilerServices;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.Reconciling.Reports;

/// <summary>Reads reconciliations from the log, as they were made.</summary>
public sealed class ReportStore(LogReader log)
{
    public async Task<StoredReport?> FindAsync(string tenant, Guid reconciliation, CancellationToken ct)
    {
        if (await log.FindAsync(tenant, ReconciliationMade.IdOf(tenant, reconciliation), ct) is not { } made)
        {
            return null;
        }

        var signedOff = await log.FindAsync(tenant, ReconciliationSignedOff.IdOf(tenant, reconciliation), ct);
        return new StoredReport(
            EventJson.Read<ReconciliationMade>(made), made, signedOff is null ? null : EventJson.Read<ReconciliationSignedOff>(signedOff), signedOff);
    }

    /// <summary>The lines in order, some at a time.</summary>
    public IAsyncEnumerable<ReportLine> LinesAsync(string tenant, ReconciliationMade made, CancellationToken ct) => LinesAsync(tenant, made, 0, ct);

    /// <summary>The lines that follow the one of this number, in order.</summary>
    public async IAsyncEnumerable<ReportLine> LinesAsync(string tenant, ReconciliationMade made, int after, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var part = PartOf(after + 1); part <= made.Parts; part++)
        {
            foreach (var line in (await PartAsync(tenant, made, part, ct)).SkipWhile(line => line.Line <= after))
            {
                yield return line;
            }
        }
    }

    /// <summary>The line of this number, from 1; null: there is none.</summary>
    public async Task<ReportLine?> LineAsync(string tenant, ReconciliationMade made, int number, CancellationToken ct) =>
        number < 1 || number > made.LineCount
            ? null
            : (await PartAsync(tenant, made, PartOf(number), ct))[(number - 1) % ReconciliationLines.LinesMax];

    private static int PartOf(int line) => ((line - 1) / ReconciliationLines.LinesMax) + 1;

    private async Task<IReadOnlyList<ReportLine>> PartAsync(string tenant, ReconciliationMade made, int part, CancellationToken ct) =>
        await log.FindAsync(tenant, ReconciliationLines.IdOf(tenant, made.ReconciliationId, made.ReportHash, part), ct) is { } stored
            ? EventJson.Read<ReconciliationLines>(stored).Lines
            : throw new InvalidOperationException($"The reconciliation {made.ReconciliationId} has no part {part}.");
}

/// <param name="SignedOff">Null: nobody has signed it off.</param>
public sealed record StoredReport(ReconciliationMade Made, StoredEvent MadeEvent, ReconciliationSignedOff? SignedOff, StoredEvent? SignedOffEvent);
