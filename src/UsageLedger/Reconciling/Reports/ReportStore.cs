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
            EventJson.Read<ReconciliationMade>(made.Data), made, signedOff is null ? null : EventJson.Read<ReconciliationSignedOff>(signedOff.Data), signedOff);
    }

    /// <summary>The lines in order, some at a time.</summary>
    public async IAsyncEnumerable<ReportLine> LinesAsync(string tenant, ReconciliationMade made, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var part = 1; part <= made.Parts; part++)
        {
            foreach (var line in await PartAsync(tenant, made, part, ct))
            {
                yield return line;
            }
        }
    }

    /// <summary>The line of this number, from 1; null: there is none.</summary>
    public async Task<ReportLine?> LineAsync(string tenant, ReconciliationMade made, int number, CancellationToken ct) =>
        number < 1 || number > made.LineCount
            ? null
            : (await PartAsync(tenant, made, ((number - 1) / ReconciliationLines.LinesMax) + 1, ct))[(number - 1) % ReconciliationLines.LinesMax];

    private async Task<IReadOnlyList<ReportLine>> PartAsync(string tenant, ReconciliationMade made, int part, CancellationToken ct) =>
        await log.FindAsync(tenant, ReconciliationLines.IdOf(tenant, made.ReconciliationId, made.ReportHash, part), ct) is { } stored
            ? EventJson.Read<ReconciliationLines>(stored.Data).Lines
            : throw new InvalidOperationException($"The reconciliation {made.ReconciliationId} has no part {part}.");
}

/// <param name="SignedOff">Null: nobody has signed it off.</param>
public sealed record StoredReport(ReconciliationMade Made, StoredEvent MadeEvent, ReconciliationSignedOff? SignedOff, StoredEvent? SignedOffEvent);
