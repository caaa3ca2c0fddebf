using Npgsql;
using UsageLedger.EventLog.Appending;
using UsageLedger.Reconciling.Invoices;

namespace UsageLedger.Reconciling.Reports;

/// <summary>Answers for a reconciliation as it was made.</summary>
/// <param name="KeyId">Whose key it is.</param>
public sealed record SignOffReconciliation(string Tenant, string CorrelationId, Guid ReconciliationId, string? Note, Guid KeyId);

/// <summary>How a sign-off ended.</summary>
public enum SignOffVerdict
{
    /// <summary>Now, or before by the same key with the same note.</summary>
    SignedOff,
    NotFound,

    /// <summary>By another key, or with another note.</summary>
    SignedOffBefore,

    /// <summary>The invoice has another content since.</summary>
    InvoiceRevised,

    /// <summary>Others told something of the invoice at every attempt.</summary>
    ChangedMeanwhile
}

/// <summary>Handles <see cref="SignOffReconciliation"/>.</summary>
public static class SignOffReconciliationHandler
{
    private const int AttemptsMax = 10;

    /// <summary>Of the stream that has the report, the invoice's revisions and all sign-offs, so that its version stands for all that is looked at.</summary>
    private const string SelectVersion = """
        select s.version from ledger.mt_events e join ledger.mt_streams s on s.tenant_id = e.tenant_id and s.id = e.stream_id
        where e.tenant_id = $1 and e.id = $2
        """;

    private const string SelectKeyName = "select name from ledger.api_keys where id = $1 and tenant = $2";

    public static async Task<SignOffVerdict> Handle(
        SignOffReconciliation command, ReportStore reports, InvoiceStore invoices, LogAppender log, NpgsqlDataSource database, CancellationToken ct)
    {
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var version = await VersionAsync(command, database, ct);
            if (await reports.FindAsync(command.Tenant, command.ReconciliationId, ct) is not { Made: var made } report)
            {
                return SignOffVerdict.NotFound;
            }

            if (report.SignedOff is { } before)
            {
                return Again(command, before);
            }

            if (await invoices.LatestAsync(command.Tenant, made.InvoiceId, ct) is not { } invoice || invoice.Told.Revision != made.InvoiceRevision)
            {
                return SignOffVerdict.InvoiceRevised;
            }

            var signed = new ReconciliationSignedOff(
                made.ReconciliationId, made.InvoiceId, command.Note, command.KeyId, await KeyNameAsync(command, database, ct), made.Position, made.TreeSize,
                made.RootHash, made.ReportHash).ToEvent(command.Tenant);
            var expected = new ExpectedVersion(StreamNames.OfInvoice(made.InvoiceId), version);
            var outcome = await log.AppendAsync(new AppendRequest(command.Tenant, command.CorrelationId, [new AppendItem(signed.Id, signed)], [expected]), ct);
            if (!outcome.VersionConflict)
            {
                return SignOffVerdict.SignedOff;
            }
        }

        return SignOffVerdict.ChangedMeanwhile;
    }

    /// <summary>What is signed off stays as it is; the same again changes nothing.</summary>
    public static SignOffVerdict Again(SignOffReconciliation command, ReconciliationSignedOff before) =>
        before.KeyId == command.KeyId && before.Note == command.Note ? SignOffVerdict.SignedOff : SignOffVerdict.SignedOffBefore;

    /// <summary>0: there is no such report.</summary>
    private static async Task<long> VersionAsync(SignOffReconciliation command, NpgsqlDataSource database, CancellationToken ct)
    {
        await using var select = database.CreateCommand(SelectVersion);
        select.Parameters.Add(new() { Value = command.Tenant });
        select.Parameters.Add(new() { Value = ReconciliationMade.IdOf(command.Tenant, command.ReconciliationId) });
        return await select.ExecuteScalarAsync(ct) as long? ?? 0;
    }

    private static async Task<string> KeyNameAsync(SignOffReconciliation command, NpgsqlDataSource database, CancellationToken ct)
    {
        await using var select = database.CreateCommand(SelectKeyName);
        select.Parameters.Add(new() { Value = command.KeyId });
        select.Parameters.Add(new() { Value = command.Tenant });
        return await select.ExecuteScalarAsync(ct) as string ?? "";
    }
}
