using Npgsql;

namespace UsageLedger.Collecting.Runs;

/// <summary>What the log knows of telephone legs that two vendors may tell of.</summary>
internal static class TelephonyReads
{
    private const string SelectLinks = """
        select data ->> 'sourceId', data ->> 'callId', data ->> 'callSid'
        from ledger.mt_events where id = any($1) and tenant_id = $2 and type = 'telephony_linked'
        """;

    /// <summary>By its state in force: what was voided has no price.</summary>
    private const string SelectPriced = """
        select e.id
        from ledger.mt_events e
        left join lateral (select s.seq_id from ledger.log_subjects s where s.subject = e.id order by s.seq_id desc limit 1) s on true
        left join ledger.mt_events l on l.seq_id = s.seq_id
        where e.id = any($1) and e.tenant_id = $2 and coalesce(l.type, '') <> 'usage_voided'
          and (coalesce(l.data -> 'current', e.data) ->> 'cost')::numeric > 0
        """;

    public static async Task<IReadOnlyList<TelephonyLinked>> LinksAsync(NpgsqlDataSource database, string tenant, IReadOnlyList<Guid> ids, CancellationToken ct)
    {
        await using var select = Naming(database.CreateCommand(SelectLinks), tenant, ids);
        await using var reader = await select.ExecuteReaderAsync(ct);
        var links = new List<TelephonyLinked>();
        while (await reader.ReadAsync(ct))
        {
            links.Add(new TelephonyLinked(reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        }

        return links;
    }

    /// <summary>Which of these usages have a price.</summary>
    public static Task<IReadOnlySet<Guid>> PricedAsync(NpgsqlDataSource database, string tenant, IReadOnlyList<Guid> usages, CancellationToken ct) =>
        PricedAsync(database.CreateCommand(SelectPriced), tenant, usages, ct);

    /// <inheritdoc cref="PricedAsync(NpgsqlDataSource, string, IReadOnlyList{Guid}, CancellationToken)"/>
    public static Task<IReadOnlySet<Guid>> PricedAsync(NpgsqlConnection connection, string tenant, IReadOnlyList<Guid> usages, CancellationToken ct) =>
        PricedAsync(new NpgsqlCommand(SelectPriced, connection), tenant, usages, ct);

    private static async Task<IReadOnlySet<Guid>> PricedAsync(NpgsqlCommand command, string tenant, IReadOnlyList<Guid> usages, CancellationToken ct)
    {
        await using var select = Naming(command, tenant, usages);
        await using var reader = await select.ExecuteReaderAsync(ct);
        var priced = new HashSet<Guid>();
        while (await reader.ReadAsync(ct))
        {
            priced.Add(reader.GetGuid(0));
        }

        return priced;
    }

    private static NpgsqlCommand Naming(NpgsqlCommand select, string tenant, IReadOnlyList<Guid> ids)
    {
        select.Parameters.Add(new() { Value = ids.ToArray() });
        select.Parameters.Add(new() { Value = tenant });
        return select;
    }
}
