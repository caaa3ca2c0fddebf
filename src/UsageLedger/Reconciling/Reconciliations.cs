using NodaTime;
using Npgsql;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Projecting;
using UsageLedger.Reconciling.Invoices;
using UsageLedger.Reconciling.Reports;

namespace UsageLedger.Reconciling;

/// <summary>Vendors' invoices and their reconciliations, to be listed: what a line says is read from the log.</summary>
public sealed class Reconciliations : IProjection
{
    public const string ProjectionName = "reconciliations";

    private const string Receive = """
        insert into provider_invoices (
            tenant_id, invoice_id, provider, source_id, number, revision, period_start, period_end, time_zone, currency, amount, total, lines, origin, received_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        on conflict (tenant_id, invoice_id) do update
        set revision = excluded.revision, period_start = excluded.period_start, period_end = excluded.period_end, time_zone = excluded.time_zone,
            currency = excluded.currency, amount = excluded.amount, total = excluded.total, lines = excluded.lines, origin = excluded.origin,
            received_at = excluded.received_at
        """;

    private const string Make = """
        insert into reconciliations (
            tenant_id, reconciliation_id, invoice_id, number, invoice_revision, provider, source_id, period_start, period_end, currency, position,
            matched, missing_in_ledger, missing_at_provider, quantity_differs, price_differs, period_differs, ledger_cost, provider_cost, difference, made_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
        """;

    private const string SignOff = """
        update reconciliations set signed_off_at = $3, signed_off_by = $4 where tenant_id = $1 and reconciliation_id = $2
        """;

    public string Name => ProjectionName;

    public IReadOnlyList<string> Tables { get; } = ["provider_invoices", "reconciliations"];

    public IReadOnlyList<string> FoldedTypes { get; } =
        [EventTypes.ProviderInvoiceReceived, EventTypes.ReconciliationMade, EventTypes.ReconciliationSignedOff];

    public Task AdvanceAsync(NpgsqlConnection connection, long after, long upTo, CancellationToken ct) => Task.CompletedTask;

    public Task FoldAsync(NpgsqlConnection connection, StoredEvent stored, CancellationToken ct)
    {
        switch (stored.Type)
        {
            case EventTypes.ProviderInvoiceReceived:
                var told = EventJson.Read<ProviderInvoiceReceived>(stored);
                return RunAsync(
                    connection, Receive, ct, stored.Tenant, told.InvoiceId, told.Provider, told.SourceId, told.Number, (long)told.Revision, told.PeriodStart,
                    told.PeriodEnd, told.TimeZone, told.Currency, told.Amount, told.Total, (long)told.LineCount, told.Origin, stored.RecordedAt);
            case EventTypes.ReconciliationMade:
                var made = EventJson.Read<ReconciliationMade>(stored);
                return RunAsync(
                    connection, Make, ct, stored.Tenant, made.ReconciliationId, made.InvoiceId, made.Number, (long)made.InvoiceRevision, made.Provider,
                    made.SourceId, made.PeriodStart, made.PeriodEnd, made.Currency, made.Position, (long)made.Counts.Matched, (long)made.Counts.MissingInLedger,
                    (long)made.Counts.MissingAtProvider, (long)made.Counts.QuantityDiffers, (long)made.Counts.PriceDiffers, (long)made.Counts.PeriodDiffers,
                    made.Totals.Ledger, made.Totals.Provider, made.Totals.Difference, stored.RecordedAt);
            default:
                var signed = EventJson.Read<ReconciliationSignedOff>(stored);
                return RunAsync(connection, SignOff, ct, stored.Tenant, signed.ReconciliationId, stored.RecordedAt, signed.KeyName);
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken ct, params object?[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(value switch
            {
                Instant instant => Columns.Of(instant),
                null => new() { Value = DBNull.Value },
                _ => new() { Value = value },
            });
        }

        await command.ExecuteNonQueryAsync(ct);
    }
}
