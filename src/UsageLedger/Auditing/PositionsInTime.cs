using NodaTime;
using Npgsql;

namespace UsageLedger.Auditing;

/// <summary>Where an instant lies in the order of the log. Time never goes back along it, so a search by halves finds the place without an index on time.</summary>
internal static class PositionsInTime
{
    /// <summary>$1 instant, $2 head.</summary>
    internal const string FirstNotBefore = """
        with recursive search (low, high) as (
            select 1::bigint, $2::bigint + 1
            union all
            select case when e.timestamp >= $1 then h.low else h.middle + 1 end, case when e.timestamp >= $1 then h.middle else h.high end
            from (select low, high, (low + high) / 2 as middle from search where low < high) h
            cross join lateral (select timestamp from ledger.mt_events where seq_id >= h.middle order by seq_id limit 1) e)
        select max(low) from search
        """;

    /// <summary>The first position that was recorded at the instant or later; the one after the head if there is none.</summary>
    public static async Task<long> FirstNotBeforeAsync(NpgsqlDataSource database, Instant instant, long head, CancellationToken ct)
    {
        await using var select = database.CreateCommand(FirstNotBefore);
        select.Parameters.Add(Columns.Of(instant));
        select.Parameters.Add(new() { Value = head });
        return (long)(await select.ExecuteScalarAsync(ct))!;
    }
}
