using Npgsql;

namespace UsageLedger.Collecting.Runs;

/// <summary>
/// Keeps beside what runs say of a day what the vendor's own counts say of it, against what was found: coverage is read of these rows alone. Each time
/// a day changes all of it is counted anew, so that its row does not depend on the pieces in which the log was taken.
/// </summary>
internal static class JudgedDays
{
    /// <summary>A vendor's total may be of several metrics, with + between. Bounded as totals are where they are read one by one.</summary>
    private const string Judge = """
        with changed as (delete from days_to_judge returning tenant_id, source_id, day),
        due as (select distinct tenant_id, source_id, day from changed),
        told as (
            select d.tenant_id, d.source_id, d.day, v.as_of, of_hours.counted, of_hours.lacking,
                   case when v.records is not null then greatest(0, least(v.records, 1000000000000) - found.records) end as missing
            from due d
            join vendor_days v on v.tenant_id = d.tenant_id and v.source_id = d.source_id and v.day = d.day
            cross join lateral (
                select coalesce(sum(c.records), 0) as records
                from captured_days c
                where c.tenant_id = d.tenant_id and c.source = d.source_id and c.day = d.day and c.metric = any(string_to_array(v.metric, '+'))) found
            cross join lateral (
                select bit_or(1 << (h.place - 1)::integer) as counted, bit_or(1 << (h.place - 1)::integer) filter (where h.records > coalesce((
                    select sum(c.hours[h.place])
                    from captured_days c
                    where c.tenant_id = d.tenant_id and c.source = d.source_id and c.day = d.day and c.metric = any(string_to_array(v.metric, '+'))), 0)) as lacking
                from unnest(v.hours) with ordinality as h (records, place)
                where h.records is not null) of_hours)
        insert into coverage_days as k (tenant_id, source_id, day, held, held_to_end, counted, lacking, missing, as_of)
        select d.tenant_id, d.source_id, d.day, 0, 0, coalesce(bit_or(t.counted), 0), coalesce(bit_or(t.lacking), 0), sum(t.missing), min(t.as_of)
        from due d
        left join told t on t.tenant_id = d.tenant_id and t.source_id = d.source_id and t.day = d.day
        group by 1, 2, 3
        on conflict (tenant_id, source_id, day) do update
        set counted = excluded.counted, lacking = excluded.lacking, missing = excluded.missing, as_of = excluded.as_of
        where (k.counted, k.lacking, k.missing, k.as_of) is distinct from (excluded.counted, excluded.lacking, excluded.missing, excluded.as_of)
        """;

    /// <summary>Of the days that have changed since.</summary>
    public static async Task KeepAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Judge, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }
}
