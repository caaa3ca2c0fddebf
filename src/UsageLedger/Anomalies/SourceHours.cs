using Npgsql;
using UsageLedger.Auditing;

namespace UsageLedger.Anomalies;

/// <summary>Reads from the log what the runs of a tenant's sources told again, by the hour in which they ended.</summary>
internal static class SourceHours
{
    private const string Select = """
        select e.data ->> 'sourceId', floor(extract(epoch from e.timestamp) / 3600)::bigint, least(sum((e.data ->> 'duplicates')::bigint), 1e15), count(*)
        from unnest($2::bigint[], $3::bigint[]) as w (first, after)
        join ledger.log_types t on t.type = 'collection_completed' and t.seq_id >= w.first and t.seq_id < w.after
        join ledger.mt_events e on e.seq_id = t.seq_id
        where e.tenant_id = $1
        group by 1, 2
        """;

    /// <summary>As of the position; by source, in their order.</summary>
    public static async Task<SortedDictionary<AnomalyLine, LineHours>> OfAsync(
        NpgsqlConnection connection, NpgsqlDataSource database, string tenant, JudgedHours hours, long position, CancellationToken ct)
    {
        var (firsts, afters) = (new List<long>(), new List<long>());
        foreach (var (start, end) in hours.Known())
        {
            firsts.Add(await PositionsInTime.FirstNotBeforeAsync(database, start, position, ct));
            afters.Add(await PositionsInTime.FirstNotBeforeAsync(database, end, position, ct));
        }

        await using var select = new NpgsqlCommand(Select, connection)
        {
            Parameters = { new() { Value = tenant }, new() { Value = firsts.ToArray() }, new() { Value = afters.ToArray() } },
        };
        await using var reader = await select.ExecuteReaderAsync(ct);
        var sources = new SortedDictionary<AnomalyLine, LineHours>(AnomalyLine.Order);
        while (await reader.ReadAsync(ct))
        {
            var source = AnomalyLine.OfSource(reader.GetString(0));
            if (!sources.TryGetValue(source, out var known))
            {
                sources.Add(source, known = new LineHours());
            }

            known.Add(reader.GetInt64(1), new HourSum(reader.GetDecimal(2), 0, reader.GetInt64(3), 0, 0));
        }

        return sources;
    }
}
