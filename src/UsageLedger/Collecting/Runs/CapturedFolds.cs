using Npgsql;
using NpgsqlTypes;
using UsageLedger.EventLog;

namespace UsageLedger.Collecting.Runs;

/// <summary>What <see cref="CapturedUsage"/> makes of the rare events. $1 is the tenant, $2 the data, $3 the time of recording, $4 the correlation.</summary>
internal static class CapturedFolds
{
    private const string Configured = """
        insert into captured_sources (tenant_id, source_id, provider, since_at)
        select t, d ->> 'sourceId', d ->> 'provider', at from (values ($1::varchar, $2::jsonb, $3::timestamptz, $4::varchar)) v (t, d, at, c)
        on conflict do nothing
        """;

    private const string Started = """
        insert into captured_runs (tenant_id, correlation_id)
        select t, c from (values ($1::varchar, $2::jsonb, $3::timestamptz, $4::varchar)) v (t, d, at, c) where c is not null
        on conflict do nothing
        """;

    /// <summary>A window proves its whole hours, of ten years at most.</summary>
    private const string Completed = """
        with run as (
            select t, d, d ->> 'sourceId' as source, (d ->> 'from')::timestamptz as from_at, (d ->> 'to')::timestamptz as to_at
            from (values ($1::varchar, $2::jsonb, $3::timestamptz, $4::varchar)) v (t, d, at, c)),
        since as (
            update captured_sources s set since_at = least(s.since_at, r.from_at)
            from run r where s.tenant_id = r.t and s.source_id = r.source),
        repeats as (
            insert into captured_clients as k (tenant_id, client_id, source, day, records, duplicates)
            select r.t, m."clientId", r.source, m.day, 0, m.duplicates
            from run r cross join jsonb_to_recordset(r.d -> 'repeats') as m ("clientId" text, day date, duplicates bigint)
            on conflict (tenant_id, client_id, source, day) do update set duplicates = k.duplicates + excluded.duplicates),
        hours as (
            select r.t, r.source, h.hour, r.to_at as proven_to, 0::bigint as listed
            from run r cross join lateral generate_series(
                date_bin('1 hour', greatest(r.from_at, r.to_at - interval '10 years') + interval '1 hour' - interval '1 microsecond', timestamptz '2000-01-01 00:00:00+00'),
                r.to_at - interval '1 hour', interval '1 hour') h (hour)
            union all
            select r.t, r.source, l.hour, null, l.listed
            from run r cross join jsonb_to_recordset(r.d -> 'hours') as l (hour timestamptz, listed bigint))
        insert into coverage_hours as k (tenant_id, source_id, hour, proven_to, listed)
        select t, source, hour, max(proven_to), max(listed) from hours group by t, source, hour
        on conflict (tenant_id, source_id, hour) do update
        set proven_to = greatest(k.proven_to, excluded.proven_to), listed = greatest(k.listed, excluded.listed)
        """;

    /// <summary>What was said of the day before gives way; a later line takes the place of an earlier one of the same number.</summary>
    private const string Reported = """
        with told as (
            select t, d, d ->> 'sourceId' as source, (d ->> 'day')::date as day, (d ->> 'asOf')::timestamptz as as_of
            from (values ($1::varchar, $2::jsonb, $3::timestamptz, $4::varchar)) v (t, d, at, c)),
        gone as (
            delete from vendor_totals k using told
            where k.tenant_id = told.t and k.source_id = told.source and k.day = told.day
              and k.line > coalesce(jsonb_array_length(told.d -> 'totals'), 0))
        insert into vendor_totals as k (tenant_id, source_id, day, line, at, category, metric, records, quantity, unit, cost, currency, as_of)
        select told.t, told.source, told.day, m.line, (m.total ->> 'at')::timestamptz, m.total ->> 'category', m.total ->> 'metric', (m.total ->> 'records')::bigint,
               (m.total ->> 'quantity')::numeric, m.total ->> 'unit', (m.total ->> 'cost')::numeric, m.total ->> 'currency', told.as_of
        from told cross join jsonb_array_elements(told.d -> 'totals') with ordinality as m (total, line)
        on conflict (tenant_id, source_id, day, line) do update
        set at = excluded.at, category = excluded.category, metric = excluded.metric, records = excluded.records, quantity = excluded.quantity,
            unit = excluded.unit, cost = excluded.cost, currency = excluded.currency, as_of = excluded.as_of
        """;

    /// <exception cref="InvalidOperationException">The event is of a type that is not folded.</exception>
    public static async Task RunAsync(NpgsqlConnection connection, StoredEvent stored, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Of(stored.Type), connection)
        {
            Parameters =
            {
                new() { Value = stored.Tenant },
                new() { Value = stored.Data.ToString(), NpgsqlDbType = NpgsqlDbType.Jsonb },
                new() { Value = stored.RecordedAt.ToDateTimeUtc(), NpgsqlDbType = NpgsqlDbType.TimestampTz },
                new() { Value = (object?)stored.CorrelationId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar },
            },
        };
        await command.ExecuteNonQueryAsync(ct);
    }

    private static string Of(string type) => type switch
    {
        EventTypes.SourceConfigured => Configured,
        EventTypes.CollectionStarted => Started,
        EventTypes.CollectionCompleted => Completed,
        EventTypes.VendorTotalsReported => Reported,
        _ => throw new InvalidOperationException($"{CapturedUsage.ProjectionName} folds no {type}."),
    };
}
