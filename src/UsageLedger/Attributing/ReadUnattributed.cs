using NodaTime;
using Npgsql;
using UsageLedger.Access;

namespace UsageLedger.Attributing;

/// <summary>Asks for the usage that no client has claimed.</summary>
/// <param name="After">The last line of the page before; null: from the first.</param>
public sealed record ReadUnattributed(string Tenant, string? Source, string? Provider, string? After, int Limit);

/// <summary>Unattributed usage under one key.</summary>
/// <param name="Key">By which a mapping would claim it, to be put into one as it stands; null: the records name nothing.</param>
/// <param name="Pending">Records without a cost yet.</param>
/// <param name="FirstSeen">When the earliest usage occurred that came under this key unattributed.</param>
public sealed record UnattributedRow(
    string Source, string Provider, string Metric, string? Key, long Records, long Pending, string Cost, string Currency, Instant FirstSeen, Instant LastSeen);

/// <param name="Next">What to ask after; null when nothing follows.</param>
public sealed record UnattributedPage(IReadOnlyList<UnattributedRow> Rows, string? Next);

/// <inheritdoc cref="ReadUnattributed"/>
public static class ReadUnattributedHandler
{
    private const string Select = """
        select encode(line, 'hex'), source, provider, metric, key, records, pending, trim_scale(cost)::text, currency, first_seen, last_seen
        from read.unattributed_usage
        where tenant_id = $1 and records <> 0 and line > decode($2, 'hex')
          and ($3::text is null or source = $3) and ($4::text is null or provider = $4)
        order by line limit $5
        """;

    public static async Task<UnattributedPage> Handle(ReadUnattributed query, NpgsqlDataSource database, CancellationToken ct)
    {
        await using var select = new TenantQuery(database, query.Tenant, Select);
        select.Parameters.Add(new() { Value = query.Tenant });
        select.Parameters.Add(new() { Value = query.After ?? "" });
        select.Parameters.Add(Columns.Of(query.Source));
        select.Parameters.Add(Columns.Of(query.Provider));
        select.Parameters.Add(new() { Value = query.Limit + 1 });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var (rows, lines) = (new List<UnattributedRow>(), new List<string>());
        while (await reader.ReadAsync(ct))
        {
            lines.Add(reader.GetString(0));
            rows.Add(new UnattributedRow(
                reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetStringOrNull(4),
                reader.GetInt64(5), reader.GetInt64(6), reader.GetString(7), reader.GetString(8),
                reader.GetInstant(9), reader.GetInstant(10)));
        }

        return rows.Count > query.Limit ? new UnattributedPage(rows[..query.Limit], lines[query.Limit - 1]) : new UnattributedPage(rows, null);
    }
}
