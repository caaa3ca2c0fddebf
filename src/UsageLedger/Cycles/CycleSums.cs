using NodaTime;
using Npgsql;

namespace UsageLedger.Cycles;

/// <summary>What a cycle comes to, over all of its rows.</summary>
internal sealed record CycleSums(bool Closed, IReadOnlyList<CycleTotal> Totals, CycleQuality Quality)
{
    /// <summary>An adjustment that brings a closed cycle's price takes its record off the pending ones there, not off ours.</summary>
    private const string Select = """
        select z.closed, s.currency, s.cost, s.told, s.records, s.late, s.pending, s.revised, s.voided, s.first_at, s.last_at, s.price_changes
        from (select exists (
            select from read.cycle_closings c where c.tenant_id = $1 and c.client_id = $2 and c.cycle_start = $3) as closed) z
        left join (
            select a.currency, trim_scale(sum(a.cost))::text as cost,
                   bool_or(a.records <> 0 or a.pending <> 0 or a.quantity <> 0 or a.cost <> 0) as told,
                   coalesce(sum(a.records) filter (where a.origin_start is null), 0)::bigint as records,
                   coalesce(sum(a.records) filter (where a.origin_start is not null), 0)::bigint as late,
                   sum(case when a.origin_start is null then a.pending else greatest(0, a.pending) end)::bigint as pending,
                   sum(a.revised)::bigint as revised, sum(a.voided)::bigint as voided,
                   min(a.first_at) filter (where a.origin_start is null) as first_at, max(a.last_at) filter (where a.origin_start is null) as last_at,
                   sum(greatest(coalesce(cardinality(a.prices), 0) - 1, 0)) filter (where a.origin_start is null)::bigint as price_changes
            from read.cycle_aggregates a where a.tenant_id = $1 and a.client_id = $2 and a.cycle_start = $3
            group by a.currency) s on true
        """;

    public static NpgsqlBatchCommand Ask(string tenant, string clientId, Instant start) => new(Select)
    {
        Parameters =
        {
            new() { Value = tenant }, new() { Value = clientId }, Columns.Of(start),
        },
    };

    public static async Task<CycleSums> TakeAsync(NpgsqlDataReader reader, CancellationToken ct)
    {
        var (closed, totals, quality) = (false, new List<CycleTotal>(), new CycleQuality(0, 0, 0, 0, 0, 0, 0, null));
        while (await reader.ReadAsync(ct))
        {
            closed = reader.GetBoolean(0);
            if (reader.IsDBNull(1))
            {
                continue;
            }

            if (reader.GetBoolean(3))
            {
                totals.Add(new CycleTotal(reader.GetString(1), reader.GetString(2)));
            }

            quality = quality with
            {
                Records = quality.Records + reader.GetInt64(4),
                Late = quality.Late + reader.GetInt64(5),
                PendingCost = quality.PendingCost + reader.GetInt64(6),
                Revised = quality.Revised + reader.GetInt64(7),
                Voided = quality.Voided + reader.GetInt64(8),
                FirstEventAt = Outer(quality.FirstEventAt, reader.GetInstantOrNull(9), Instant.Min),
                LastEventAt = Outer(quality.LastEventAt, reader.GetInstantOrNull(10), Instant.Max),
                PriceChanges = quality.PriceChanges + (reader.IsDBNull(11) ? 0 : reader.GetInt64(11)),
            };
        }

        return new CycleSums(closed, [.. totals.OrderBy(total => total.Currency, StringComparer.Ordinal)], quality);
    }

    private static Instant? Outer(Instant? one, Instant? other, Func<Instant, Instant, Instant> of) =>
        one is { } left && other is { } right ? of(left, right) : one ?? other;
}
