using NodaTime;
using UsageLedger.Auditing;

namespace UsageLedger.Reporting;

/// <summary>Where in the log the events of a part of a quarter hour can be.</summary>
/// <remarks>
/// The read model holds whole quarter hours, so a query that begins or ends within one must look at events. Of those the log has no index by
/// the time of occurrence (its tables are Marten's, and bear none of ours), but usage is recorded no earlier than a day before it
/// occurs: what occurred since an instant stands after the last event recorded two days before that. Time never goes back along the log
/// nor along a stream, so a search by halves finds the place. All events from there on are looked at, for usage may come at any later time.
/// </remarks>
internal static class PartialQuarters
{
    /// <summary>The last version of the client's stream before which nothing can be; nothing is looked at where the read model knows of no usage.</summary>
    private const string SelectInStream = """
        with recursive search (low, high) as (
            select 1::bigint, coalesce((select version from ledger.mt_streams where tenant_id = $1 and id = 'client-' || $2), 0) + 1
            union all
            select case when e.timestamp >= $3 then h.low else h.middle + 1 end, case when e.timestamp >= $3 then h.middle else h.high end
            from (select low, high, (low + high) / 2 as middle from search where low < high) h
            cross join lateral (
                select timestamp from ledger.mt_events
                where tenant_id = $1 and stream_id = 'client-' || $2 and version >= h.middle order by version limit 1) e)
        select case when exists (
            select from read.usage_buckets b where b.tenant_id = $1 and b.client_id = $2 and b.quarter_hour = any($4))
            then (select max(low) - 1 from search) else 9223372036854775807 end
        """;

    private const string SelectInLog = "select f.position - 1 from (" + PositionsInTime.FirstNotBefore + ") f (position)";

    /// <summary>No door takes usage of more than a day ahead, so what belongs to a time was not recorded long before it.</summary>
    internal static readonly Duration RecordedEarlierMax = Duration.FromDays(2);

    /// <summary>The version of the client's stream, or the position in the log, after which all events are that can tell the parts.</summary>
    public static async Task<long> FindAsync(ReadSnapshot snapshot, ReadUsage query, UsageSpan span, CancellationToken ct)
    {
        if (!span.HasParts)
        {
            return long.MaxValue;
        }

        var recordedFrom = span.PartsFrom - RecordedEarlierMax;
        await using var select = query.ClientId is { } client
            ? snapshot.Command(SelectInStream, new() { Value = query.Tenant }, new() { Value = client }, Columns.Of(recordedFrom), Columns.Of(span.CutQuarters))
            : snapshot.Command(SelectInLog, Columns.Of(recordedFrom), new() { Value = snapshot.Position });
        return (long)(await select.ExecuteScalarAsync(ct))!;
    }
}
