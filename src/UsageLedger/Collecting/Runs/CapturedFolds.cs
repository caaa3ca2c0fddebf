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

    /// <summary>A window proves its whole hours, from where the vendor still told them, of ten years at most. An hour of which nothing new is said is not written again.</summary>
    private const string Completed = """
        with run as (
            select t, d, d ->> 'sourceId' as source, (d ->> 'from')::timestamptz as from_at, (d ->> 'to')::timestamptz as to_at,
                   greatest((d ->> 'from')::timestamptz, (d ->> 'provenFrom')::timestamptz) as proven_at
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
                date_bin('1 hour', greatest(r.proven_at, r.to_at - interval '10 years') + interval '1 hour' - interval '1 microsecond', timestamptz '2000-01-01 00:00:00+00'),
                r.to_at - interval '1 hour', interval '1 hour') h (hour)
            union all
            select r.t, r.source, l.hour, null, l.listed
            from run r cross join jsonb_to_recordset(r.d -> 'hours') as l (hour timestamptz, listed bigint)),
        days as (
            insert into coverage_days as k (tenant_id, source_id, day, held, held_to_end)
            select t, source, day, bit_or(bit), bit_or(case when proven_to >= (day + 1)::timestamp at time zone 'UTC' then bit else 0 end)
            from (
                select t, source, proven_to, (hour at time zone 'UTC')::date as day, 1 << extract(hour from hour at time zone 'UTC')::integer as bit
                from hours where proven_to is not null) held
            group by t, source, day
            on conflict (tenant_id, source_id, day) do update
            set held = k.held | excluded.held, held_to_end = k.held_to_end | excluded.held_to_end
            where (k.held | excluded.held, k.held_to_end | excluded.held_to_end) <> (k.held, k.held_to_end))
        insert into coverage_hours as k (tenant_id, source_id, hour, proven_to, listed)
        select t, source, hour, max(proven_to), max(listed) from hours group by t, source, hour
        on conflict (tenant_id, source_id, hour) do update
        set proven_to = greatest(k.proven_to, excluded.proven_to), listed = greatest(k.listed, excluded.listed)
        where (greatest(k.proven_to, excluded.proven_to), greatest(k.listed, excluded.listed)) is distinct from (k.proven_to, k.listed)
        """;

    /// <summary>What was said of that day earlier gives way; a later line takes the place of an earlier one of the same number.</summary>
    private const string Reported = """
        with told as (
            select t, d, d ->> 'sourceId' as source, (d ->> 'day')::date as day, (d ->> 'asOf')::timestamptz as as_of
            from (values ($1::varchar, $2::jsonb, $3::timestamptz, $4::varchar)) v (t, d, at, c)),
        gone as (
            delete from vendor_totals k using told
            where k.tenant_id = told.t and k.source_id = told.source and k.day = told.day
              and k.line > coalesce(jsonb_array_length(told.d -> 'totals'), 0)),
        counted as (
            select told.t, told.source, told.day, told.as_of, m.total ->> 'metric' as metric, (m.total ->> 'at')::timestamptz as at,
                   least(sum((m.total ->> 'records')::bigint), 9223372036854775807)::bigint as records
            from told cross join jsonb_array_elements(told.d -> 'totals') as m (total)
            where m.total ->> 'metric' is not null and m.total ->> 'records' is not null
            group by 1, 2, 3, 4, 5, 6),
        forgotten as (
            delete from vendor_days k using told
            where k.tenant_id = told.t and k.source_id = told.source and k.day = told.day
              and not exists (select from counted c where c.metric = k.metric)),
        days as (
            insert into vendor_days as k (tenant_id, source_id, day, metric, hours, records, as_of)
            select d.t, d.source, d.day, d.metric, case when bool_or(c.at is not null) then array_agg(c.records order by n.hour) end,
                   (select w.records from counted w where w.metric = d.metric and w.at is null), d.as_of
            from (select distinct t, source, day, as_of, metric from counted) d
            cross join generate_series(0, 23) as n (hour)
            left join counted c on c.metric = d.metric and c.at = d.day::timestamp at time zone 'UTC' + n.hour * interval '1 hour'
            group by d.t, d.source, d.day, d.metric, d.as_of
            on conflict (tenant_id, source_id, day, metric) do update set hours = excluded.hours, records = excluded.records, as_of = excluded.as_of),
        to_judge as (insert into days_to_judge (tenant_id, source_id, day) select t, source, day from told)
        insert into vendor_totals as k (tenant_id, source_id, day, line, at, category, metric, records, quantity, unit, cost, currency, as_of)
        select told.t, told.source, told.day, m.line, (m.total ->> 'at')::timestamptz, m.total ->> 'category', m.total ->> 'metric', (m.total ->> 'records')::bigint,
               (m.total ->> 'quantity')::numeric, m.total ->> 'unit', (m.total ->> 'cost')::numeric, m.total ->> 'currency', told.as_of
        from told cross join jsonb_array_elements(told.d -> 'totals') with ordinality as m (total, line)
        on conflict (tenant_id, source_id, day, line) do update
        set at = excluded.at, category = excluded.category, metric = excluded.metric, records = excluded.records, quantity = excluded.quantity,
            unit = excluded.unit, cost = excluded.cost, currency = excluded.currency, as_of = excluded.as_of
        """;

    /// <summary>For as long as it takes, as statements over ranges: an event that takes long would else be tried for ever.</summary>
    /// <exception cref="InvalidOperationException">The event is of a type that is not folded.</exception>
    public static async Task RunAsync(NpgsqlConnection connection, StoredEvent stored, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Of(stored.Type), connection)
        {
            CommandTimeout = 0,
            Parameters =
            {
                new() { Value = stored.Tenant },
                new() { Value = stored.Data.ToString(), NpgsqlDbType = NpgsqlDbType.Jsonb },
                Columns.Of(stored.RecordedAt),
                new() { Value = (object?)stored.CorrelationId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar },
            },
        };
        await command.ExecuteNonQueryAsync(ct);
        if (stored.Type == EventTypes.VendorTotalsReported)
        {
            await JudgedDays.KeepAsync(connection, ct);
        }
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
