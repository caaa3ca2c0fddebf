using NodaTime;

namespace UsageLedger.Reporting;

/// <summary>Where in the log the events of a part of a quarter hour can be, if that is near enough to look for them.</summary>
/// <remarks>
/// The read model holds whole quarter hours, so a query that begins or ends within one must look at events. Of those the log has no index by
/// the time of occurrence (its tables are Marten's, and bear none of ours), but usage is recorded no earlier than a day before it
/// occurs: what occurred since an instant stands after the last event recorded two days before that. If this is within the latest
/// <see cref="ReadUsage.PartEventsMax"/> events, they are read and the answer is exact; if not, the query is refused and told to use quarter hours,
/// rather than answered slowly or not exactly.
/// </remarks>
internal static class PartialQuarters
{
    private const string SelectInStream = """
        select s.version - $3, e."timestamp"
        from ledger.mt_streams s
        left join ledger.mt_events e on e.tenant_id = s.tenant_id and e.stream_id = s.id and e.version = s.version - $3
        where s.tenant_id = $1 and s.id = 'client-' || $2
        """;

    private const string SelectInLog = """
        select p.position - $2, e."timestamp"
        from (select $1::bigint as position) p
        left join ledger.mt_events e on e.seq_id = p.position - $2
        """;

    private static readonly Duration RecordedEarlierMax = Duration.FromDays(2);

    /// <summary>The version of the client's stream, or the position in the log, after which all events are that can tell the parts; null: too far back.</summary>
    public static async Task<long?> FindAsync(ReadSnapshot snapshot, ReadUsage query, UsageSpan span, CancellationToken ct)
    {
        if (!span.HasParts)
        {
            return long.MaxValue;
        }

        await using var select = query.ClientId is { } client
            ? snapshot.Command(SelectInStream, new() { Value = query.Tenant }, new() { Value = client }, new() { Value = (long)query.PartEventsMax })
            : snapshot.Command(SelectInLog, new() { Value = snapshot.Position }, new() { Value = (long)query.PartEventsMax });
        await using var reader = await select.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct) || reader.GetInt64(0) <= 0)
        {
            return 0;
        }

        // Without an event there, somebody removed it: then nothing is known of its time.
        return !reader.IsDBNull(1) && Instant.FromDateTimeUtc(reader.GetDateTime(1)) < span.PartsFrom - RecordedEarlierMax
            ? reader.GetInt64(0)
            : null;
    }
}
