using Npgsql;

namespace UsageLedger.Auditing;

/// <summary>Where a few streams go on after a position. Versions rise with positions, so a search by halves in the stream's own index finds it.</summary>
/// <param name="Versions">The first version of each stream after the position.</param>
/// <param name="Through">Up to here no stream has more than the asked number of events; null: they all end before.</param>
internal sealed record StreamPlaces(string[] Streams, long[] Versions, long? Through)
{
    private const string Select = """
        with recursive search (stream, low, high) as (
            select s.id, 1::bigint, s.version + 1
            from ledger.mt_streams s
            where s.tenant_id = $1 and s.id = any($2)
            union all
            select h.stream, case when e.seq_id > $3 then h.low else h.middle + 1 end, case when e.seq_id > $3 then h.middle else h.high end
            from (select stream, low, high, (low + high) / 2 as middle from search where low < high) h
            cross join lateral (
                select seq_id from ledger.mt_events
                where tenant_id = $1 and stream_id = h.stream and version >= h.middle
                order by version limit 1) e),
        places as (select stream, max(low) as version from search group by stream)
        select p.stream, p.version, e.seq_id
        from places p
        left join ledger.mt_events e on e.tenant_id = $1 and e.stream_id = p.stream and e.version = p.version + $4 - 1
        """;

    public static async Task<StreamPlaces> FindAsync(
        NpgsqlDataSource database, string tenant, string[] streams, long after, int eventsMax, CancellationToken ct)
    {
        await using var select = database.CreateCommand(Select);
        select.Parameters.Add(new() { Value = tenant });
        select.Parameters.Add(new() { Value = streams });
        select.Parameters.Add(new() { Value = after });
        select.Parameters.Add(new() { Value = (long)eventsMax });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var (found, versions, through) = (new List<string>(), new List<long>(), default(long?));
        while (await reader.ReadAsync(ct))
        {
            found.Add(reader.GetString(0));
            versions.Add(reader.GetInt64(1));
            if (!reader.IsDBNull(2))
            {
                through = Math.Min(through ?? long.MaxValue, reader.GetInt64(2));
            }
        }

        return new StreamPlaces([.. found], [.. versions], through);
    }
}
