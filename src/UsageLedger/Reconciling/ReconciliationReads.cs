using System.Text.Json.Serialization;
using NodaTime;
using Npgsql;
using UsageLedger.Reconciling.Reports;

namespace UsageLedger.Reconciling;

/// <summary>A reconciliation without its lines.</summary>
/// <param name="Position">The ledger's side is that of the log up to here.</param>
/// <param name="SignedOffAt">Null: nobody has signed it off.</param>
public sealed record ReconciliationSummary(
    Guid Id, Guid InvoiceId, string InvoiceNumber, int InvoiceRevision, string Provider, string? SourceId, Instant PeriodStart, Instant PeriodEnd,
    string Currency, long Position, StatusCounts Counts, decimal LedgerCost, decimal ProviderCost, decimal Difference, Instant MadeAt, Instant? SignedOffAt,
    string? SignedOffBy)
{
    [JsonIgnore]
    public bool IsSignedOff => SignedOffAt is not null;
}

/// <summary>What others ask of reconciliations.</summary>
public static class ReconciliationReads
{
    public const int PageMax = 1_000;

    internal const string SelectAll = """
        select r.reconciliation_id, r.invoice_id, r.number, r.invoice_revision, r.provider, r.source_id, r.period_start, r.period_end, r.currency, r.position,
               r.matched, r.missing_in_ledger, r.missing_at_provider, r.quantity_differs, r.price_differs, r.period_differs,
               r.ledger_cost, r.provider_cost, r.difference, r.made_at, r.signed_off_at, r.signed_off_by
        from read.reconciliations r
        """;

    private const string SelectSignedOff = SelectAll + """

        where r.tenant_id = $1 and r.period_start < $3 and r.period_end > $2 and r.signed_off_at is not null and r.reconciliation_id > $4
        order by r.reconciliation_id limit $5
        """;

    private const string SelectOne = SelectAll + " where r.tenant_id = $1 and r.reconciliation_id = $2";

    /// <summary>Those that are shown as signed off, of invoices whose period has some of [start, end): a page, by their ids.</summary>
    /// <param name="after">The last of the page before; empty: from the first.</param>
    public static async Task<IReadOnlyList<ReconciliationSummary>> SignedOffAsync(
        NpgsqlDataSource database, string tenant, Instant start, Instant end, Guid after, CancellationToken ct)
    {
        await using var select = database.CreateCommand(SelectSignedOff);
        NpgsqlParameter[] values = [new() { Value = tenant }, Columns.Of(start), Columns.Of(end), new() { Value = after }, new() { Value = PageMax }];
        select.Parameters.AddRange(values);
        return await ReadAsync(select, ct);
    }

    /// <summary>As it is shown; null: it is not.</summary>
    public static async Task<ReconciliationSummary?> FindAsync(NpgsqlDataSource database, string tenant, Guid reconciliation, CancellationToken ct)
    {
        await using var select = database.CreateCommand(SelectOne);
        select.Parameters.Add(new() { Value = tenant });
        select.Parameters.Add(new() { Value = reconciliation });
        return (await ReadAsync(select, ct)).SingleOrDefault();
    }

    private static async Task<IReadOnlyList<ReconciliationSummary>> ReadAsync(NpgsqlCommand select, CancellationToken ct)
    {
        await using var reader = await select.ExecuteReaderAsync(ct);
        var found = new List<ReconciliationSummary>();
        while (await reader.ReadAsync(ct))
        {
            found.Add(Read(reader));
        }

        return found;
    }

    internal static ReconciliationSummary Read(NpgsqlDataReader reader) => new(
        reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2), (int)reader.GetInt64(3), reader.GetString(4), reader.GetStringOrNull(5),
        reader.GetInstant(6),
        reader.GetInstant(7), reader.GetString(8), reader.GetInt64(9),
        new StatusCounts(Count(reader, 10), Count(reader, 11), Count(reader, 12), Count(reader, 13), Count(reader, 14), Count(reader, 15)),
        reader.GetDecimal(16), reader.GetDecimal(17), reader.GetDecimal(18), reader.GetInstant(19), reader.GetInstantOrNull(20), reader.GetStringOrNull(21));

    private static int Count(NpgsqlDataReader reader, int at) => (int)reader.GetInt64(at);
}
