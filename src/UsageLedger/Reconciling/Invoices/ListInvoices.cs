using NodaTime;
using Npgsql;
using UsageLedger.Access;

namespace UsageLedger.Reconciling.Invoices;

/// <summary>Asks for a tenant's invoices, the last told first.</summary>
/// <param name="After">The last of the page before; null: from the first.</param>
public sealed record ListInvoices(string Tenant, string? Provider, string? Number, (Instant ReceivedAt, Guid Id)? After, int Limit);

/// <summary>Handles <see cref="ListInvoices"/>.</summary>
public static class ListInvoicesHandler
{
    private const string Select = """
        select i.invoice_id, i.provider, i.source_id, i.number, i.revision, i.period_start, i.period_end, i.time_zone, i.currency, i.lines, i.amount, i.total,
               i.origin, i.received_at
        from read.provider_invoices i
        where i.tenant_id = $1 and ($2::text is null or i.provider = $2) and ($3::text is null or i.number = $3)
          and ($4::timestamptz is null or (i.received_at, i.invoice_id) < ($4, $5))
        order by i.received_at desc, i.invoice_id desc limit $6
        """;

    /// <summary>One more than asked for if more follow.</summary>
    public static async Task<List<InvoiceSummary>> Handle(ListInvoices query, NpgsqlDataSource database, CancellationToken ct)
    {
        await using var select = new TenantQuery(database, query.Tenant, Select);
        select.Parameters.Add(new() { Value = query.Tenant });
        select.Parameters.Add(Columns.Of(query.Provider));
        select.Parameters.Add(Columns.Of(query.Number));
        select.Parameters.Add(Columns.Of(query.After?.ReceivedAt));
        select.Parameters.Add(new() { Value = query.After?.Id ?? Guid.Empty });
        select.Parameters.Add(new() { Value = query.Limit + 1 });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var found = new List<InvoiceSummary>();
        while (await reader.ReadAsync(ct))
        {
            found.Add(new InvoiceSummary(
                reader.GetGuid(0), reader.GetString(1), reader.GetStringOrNull(2), reader.GetString(3), (int)reader.GetInt64(4),
                reader.GetInstant(5), reader.GetInstant(6), reader.GetString(7), reader.GetString(8), (int)reader.GetInt64(9), reader.GetDecimal(10),
                reader.IsDBNull(11) ? null : reader.GetDecimal(11), reader.GetString(12), reader.GetInstant(13)));
        }

        return found;
    }
}
