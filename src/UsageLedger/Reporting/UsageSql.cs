namespace UsageLedger.Reporting;

/// <summary>
/// Sums usage by window and group, one statement a page. $1 tenant, $2 client; quarter hours, or hours, [$3, $4) from the read model; of the
/// events after $9 up to position $10, those that occurred in [$5, $6) or [$7, $8); $11 starts of windows; $12 to $15 whether rows are told apart by provider, metric,
/// agent, resource; $16 to $18 the only provider, metric, agent; $19 to $25 the place to begin after; $26 how many. Days [$27, $28), and the starts and
/// ends ($29, $30) of the hours that belong to another window than the middle of their day.
/// </summary>
internal static class UsageSql
{
    /// <summary>$9 is a version of the client's stream.</summary>
    public const string OfClient = """
        with bucket as (
            select b.quarter_hour as at, b.provider, b.metric, b.agent_id, b.resource_id, b.unit, b.currency, b.quantity, b.cost, b.records
            from read.usage_buckets b
            where b.tenant_id = $1 and b.client_id = $2 and b.quarter_hour >= $3 and b.quarter_hour < $4)
        """ + PartOfClient;

    /// <summary>As <see cref="OfClient"/>, where no window and neither end cuts an hour.</summary>
    public const string OfClientByHours = """
        with bucket as (
            select b.hour as at, b.provider, b.metric, b.agent_id, b.resource_id, b.unit, b.currency, b.quantity, b.cost, b.records
            from read.usage_hours b
            where b.tenant_id = $1 and b.client_id = $2 and b.hour >= $3 and b.hour < $4)
        """ + PartOfClient;

    /// <summary>
    /// As <see cref="OfClientByHours"/>, of days as far as there are whole ones: each is counted where its middle lies, and its hours that belong to another
    /// window are counted there and taken from where the day was counted. Sums are exact, so what is taken away leaves nothing behind.
    /// </summary>
    public const string OfClientByDays = """
        with hour as (
            select b.hour as at, b.provider, b.metric, b.agent_id, b.resource_id, b.unit, b.currency, b.quantity, b.cost, b.records
            from read.usage_hours b
            where b.tenant_id = $1 and b.client_id = $2 and ((b.hour >= $3 and b.hour < $27) or (b.hour >= $28 and b.hour < $4))),
        moved as (
            select m.at, b.provider, b.metric, b.agent_id, b.resource_id, b.unit, b.currency, m.sign * b.quantity, m.sign * b.cost, m.sign * b.records
            from unnest($29::timestamptz[], $30::timestamptz[]) s (begins, ends)
            join read.usage_hours b on b.tenant_id = $1 and b.client_id = $2 and b.hour >= s.begins and b.hour < s.ends
            cross join lateral (values
                (b.hour, 1), (date_bin('1 day', b.hour, timestamptz '2000-01-01 00:00:00+00') + interval '12 hours', -1)) m (at, sign)),
        bucket as (
            select b.day + interval '12 hours' as at, b.provider, b.metric, b.agent_id, b.resource_id, b.unit, b.currency, b.quantity, b.cost, b.records
            from read.usage_days b
            where b.tenant_id = $1 and b.client_id = $2 and b.day >= $27 and b.day < $28
            union all table hour
            union all table moved)
        """ + PartOfClient;

    /// <summary>$9 is a position. The clients are gone through by index, and of each only the quarter hours asked for.</summary>
    public const string OfTenant = """
        with recursive client as (
            (select b.client_id from read.usage_buckets b
             where b.tenant_id = $1 and b.client_id is not null order by b.client_id limit 1)
            union all
            select (select b.client_id from read.usage_buckets b
                    where b.tenant_id = $1 and b.client_id > c.client_id order by b.client_id limit 1)
            from client c where c.client_id is not null),
        bucket as (
            select b.quarter_hour as at, b.provider, b.metric, b.agent_id, b.resource_id, b.unit, b.currency, b.quantity, b.cost, b.records
            from client c
            join read.usage_buckets b on b.tenant_id = $1 and b.client_id = c.client_id and b.quarter_hour >= $3 and b.quarter_hour < $4
            union all
            select b.quarter_hour, b.provider, b.metric, b.agent_id, b.resource_id, b.unit, b.currency, b.quantity, b.cost, b.records
            from read.usage_buckets b
            where b.tenant_id = $1 and b.client_id is null and b.quarter_hour >= $3 and b.quarter_hour < $4),
        part as (
            select d.occurred_at, d.provider, d.metric, d.agent_id, d.resource_id, d.unit, d.currency, d.quantity, coalesce(d.cost, 0), d.records
            from ledger.usage_deltas($9, $10) d
            where d.tenant_id = $1
              and ((d.occurred_at >= $5 and d.occurred_at < $6) or (d.occurred_at >= $7 and d.occurred_at < $8)))
        """ + Sum;

    private const string PartOfClient = """
        ,
        part as (
            select d.occurred_at, d.provider, d.metric, d.agent_id, d.resource_id, d.unit, d.currency, d.quantity, coalesce(d.cost, 0), d.records
            from ledger.usage_deltas_of($1, 'client-' || $2, $9, $10) d
            where (d.occurred_at >= $5 and d.occurred_at < $6) or (d.occurred_at >= $7 and d.occurred_at < $8))
        """ + Sum;

    private const string Sum = """
        ,
        summed as (
            select width_bucket(u.at, $11) as place,
                   case when $12 then u.provider else '' end as provider,
                   case when $13 then u.metric else '' end as metric,
                   case when $14 then coalesce(u.agent_id, '') else '' end as agent_id,
                   case when $15 then coalesce(u.resource_id, '') else '' end as resource_id,
                   case when $13 then u.unit else '' end as unit,
                   u.currency, sum(u.quantity) as quantity, sum(u.cost) as cost, sum(u.records) as records
            from (table bucket union all table part) u
            where ($16::text is null or u.provider = $16) and ($17::text is null or u.metric = $17) and ($18::text is null or u.agent_id = $18)
            group by 1, 2, 3, 4, 5, 6, 7
            having sum(u.records) <> 0)
        select s.place, s.provider, s.metric, s.agent_id, s.resource_id, s.unit, s.currency,
               trim_scale(s.quantity)::text, trim_scale(s.cost)::text, s.records::bigint
        from summed s
        where (s.place, s.provider collate "C", s.metric collate "C", s.agent_id collate "C", s.resource_id collate "C", s.unit collate "C", s.currency collate "C")
            > ($19, $20, $21, $22, $23, $24, $25)
        order by s.place, s.provider collate "C", s.metric collate "C", s.agent_id collate "C", s.resource_id collate "C", s.unit collate "C", s.currency collate "C"
        limit $26
        """;
}
