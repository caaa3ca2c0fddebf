using NodaTime;
using Npgsql;

namespace UsageLedger.Anomalies;

/// <summary>Reads what the lines of a client did in the hours that must be known.</summary>
internal static class ClientHours
{
    /// <summary>Hours of lines held in memory at once.</summary>
    public const int RowsMax = 1_000_000;

    /// <summary>Sums may have more digits than a decimal: beyond 10^15 they read as that.</summary>
    private const string Select = """
        select b.provider, b.metric, b.agent_id, b.unit, b.currency, floor(extract(epoch from b.quarter_hour) / 3600)::bigint as hour,
               least(greatest(round(sum(b.quantity), 9), 0), 1e15), least(greatest(round(sum(b.cost), 12), -1e15), 1e15),
               sum(b.records)::bigint, sum(b.pending)::bigint, 0::bigint
        from unnest($3::timestamptz[], $4::timestamptz[]) as w (start_at, end_at)
        join usage_buckets b on b.tenant_id = $1 and b.client_id = $2 and b.quarter_hour >= w.start_at and b.quarter_hour < w.end_at
        group by 1, 2, 3, 4, 5, 6
        union all
        select l.provider, l.metric, l.agent_id, l.unit, l.currency, floor(extract(epoch from l.hour) / 3600)::bigint, 0, 0, 0, 0, l.records
        from unnest($3::timestamptz[], $4::timestamptz[]) as w (start_at, end_at)
        join late_usage l on l.tenant_id = $1 and l.client_id = $2 and l.hour >= w.start_at and l.hour < w.end_at
        limit $5
        """;

    /// <summary>By line, in their order; null when they are too many.</summary>
    public static async Task<SortedDictionary<AnomalyLine, LineHours>?> OfAsync(
        NpgsqlConnection connection, string tenant, string client, JudgedHours hours, CancellationToken ct)
    {
        await using var select = Command(connection, tenant, client, hours.Known());
        await using var reader = await select.ExecuteReaderAsync(ct);
        var (lines, rows) = (new SortedDictionary<AnomalyLine, LineHours>(AnomalyLine.Order), 0);
        while (await reader.ReadAsync(ct))
        {
            if (++rows > RowsMax)
            {
                return null;
            }

            var line = new AnomalyLine(
                client, null, reader.GetString(0), reader.GetString(1), reader.GetStringOrNull(2), reader.GetString(3), reader.GetString(4));
            if (!lines.TryGetValue(line, out var known))
            {
                lines.Add(line, known = new LineHours());
            }

            known.Add(reader.GetInt64(5), new HourSum(
                reader.GetDecimal(6), reader.GetDecimal(7), reader.GetInt64(8), reader.GetInt64(9), reader.GetInt64(10)));
        }

        return lines;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string tenant, string client, IReadOnlyList<(Instant Start, Instant End)> known) =>
        new(Select, connection)
        {
            Parameters =
            {
                new() { Value = tenant },
                new() { Value = client },
                Columns.Of(known.Select(time => time.Start)),
                Columns.Of(known.Select(time => time.End)),
                new() { Value = RowsMax + 1 },
            },
        };
}
