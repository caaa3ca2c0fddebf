using NodaTime;
using Npgsql;
using UsageLedger.Access;

namespace UsageLedger.Anomalies;

/// <summary>Asks for a tenant's anomalies, those of the latest hour first; what is null does not matter.</summary>
/// <param name="After">The last one of the page before; null: from the latest.</param>
public sealed record ReadAnomalies(string Tenant, string? ClientId, string? Status, AnomalyPlace? After, int Limit);

/// <summary>A place in the list.</summary>
public sealed record AnomalyPlace(Instant Hour, Guid Id);

/// <param name="Next">What to ask after; null when nothing follows.</param>
public sealed record AnomalyPage(IReadOnlyList<AnomalyView> Anomalies, AnomalyPlace? Next);

/// <inheritdoc cref="ReadAnomalies"/>
public static class ReadAnomaliesHandler
{
    private const string Select = AnomalyView.Columns + """

        from read.anomalies
        where tenant_id = $1 and ($2::text is null or client_id = $2) and ($3::text is null or status = $3)
          and ($4::timestamptz is null or (hour, id) < ($4, $5))
        order by hour desc, id desc limit $6
        """;

    private const string SelectOne = AnomalyView.Columns + """

        from read.anomalies where tenant_id = $1 and id = $2
        """;

    public static async Task<AnomalyPage> Handle(ReadAnomalies query, NpgsqlDataSource database, CancellationToken ct)
    {
        await using var select = new TenantQuery(database, query.Tenant, Select);
        select.Parameters.Add(new() { Value = query.Tenant });
        select.Parameters.Add(Columns.Of(query.ClientId));
        select.Parameters.Add(Columns.Of(query.Status));
        select.Parameters.Add(Columns.Of(query.After?.Hour));
        select.Parameters.Add(new() { Value = query.After?.Id ?? Guid.Empty });
        select.Parameters.Add(new() { Value = query.Limit + 1 });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var all = new List<AnomalyView>();
        while (await reader.ReadAsync(ct))
        {
            all.Add(AnomalyView.Read(reader));
        }

        return all.Count > query.Limit
            ? new AnomalyPage(all[..query.Limit], new AnomalyPlace(all[query.Limit - 1].Hour, all[query.Limit - 1].Id))
            : new AnomalyPage(all, null);
    }

    /// <summary>The tenant's anomaly of this id, or null.</summary>
    public static async Task<AnomalyView?> FindAsync(string tenant, Guid id, NpgsqlDataSource database, CancellationToken ct)
    {
        await using var select = new TenantQuery(database, tenant, SelectOne);
        select.Parameters.Add(new() { Value = tenant });
        select.Parameters.Add(new() { Value = id });
        await using var reader = await select.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? AnomalyView.Read(reader) : null;
    }
}
