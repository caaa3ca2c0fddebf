using NodaTime;
using Npgsql;
using NpgsqlTypes;
using UsageLedger.Access;

namespace UsageLedger.Reconciling.Reports;

/// <summary>Asks for a tenant's reconciliations, newest first.</summary>
/// <param name="InvoiceId">Only of this invoice.</param>
public sealed record ListReconciliations(string Tenant, Guid? InvoiceId, (Instant MadeAt, Guid Id)? After, int Limit);

/// <summary>Handles <see cref="ListReconciliations"/>.</summary>
public static class ListReconciliationsHandler
{
    private const string Select = ReconciliationReads.SelectAll + """

        where r.tenant_id = $1 and ($2::uuid is null or r.invoice_id = $2)
          and ($3::timestamptz is null or (r.made_at, r.reconciliation_id) < ($3, $4))
        order by r.made_at desc, r.reconciliation_id desc limit $5
        """;

    /// <summary>One more than asked for if more follow.</summary>
    public static async Task<List<ReconciliationSummary>> Handle(ListReconciliations query, NpgsqlDataSource database, CancellationToken ct)
    {
        await using var select = new TenantQuery(database, query.Tenant, Select);
        select.Parameters.Add(new() { Value = query.Tenant });
        select.Parameters.Add(new() { Value = (object?)query.InvoiceId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        select.Parameters.Add(Columns.Of(query.After?.MadeAt));
        select.Parameters.Add(new() { Value = query.After?.Id ?? Guid.Empty });
        select.Parameters.Add(new() { Value = query.Limit + 1 });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var found = new List<ReconciliationSummary>();
        while (await reader.ReadAsync(ct))
        {
            found.Add(ReconciliationReads.Read(reader));
        }

        return found;
    }
}
