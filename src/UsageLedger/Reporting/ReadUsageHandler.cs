using Npgsql;

namespace UsageLedger.Reporting;

/// <summary>Handles <see cref="ReadUsage"/>.</summary>
public static class ReadUsageHandler
{
    public static async Task<UsageAnswer> Handle(ReadUsage query, NpgsqlDataSource database, CancellationToken ct)
    {
        if (UsageSpan.Of(query) is not { } span)
        {
            return new UsageAnswer(null, UsageRefusal.TooManyWindows);
        }

        await using var snapshot = await ReadSnapshot.OfUsageAsync(database, query.Tenant, ct);
        if (span.Windows.Count == 0)
        {
            return new UsageAnswer(new UsagePage([], null, snapshot.Position));
        }

        // Made with its time, a source of no time at all is cancelled from the beginning; a timer would come a moment later.
        using var patience = new CancellationTokenSource(span.HasParts ? query.PartsWithin : Timeout.InfiniteTimeSpan);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            var rows = await RowsAsync(snapshot, query, span, limit.Token);
            return new UsageAnswer(rows.Count > query.Limit
                ? new UsagePage(rows[..query.Limit], rows[query.Limit - 1].Place, snapshot.Position)
                : new UsagePage(rows, null, snapshot.Position));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new UsageAnswer(null, UsageRefusal.PartsTakeTooLong);
        }
    }

    private static async Task<List<UsageRow>> RowsAsync(ReadSnapshot snapshot, ReadUsage query, UsageSpan span, CancellationToken ct)
    {
        var after = await PartialQuarters.FindAsync(snapshot, query, span, ct);
        var days = query.ClientId is not null && span.IsOfHours ? WholeDays.Of(span) : null;
        var sql = query.ClientId is null ? UsageSql.OfTenant
            : days is not null ? UsageSql.OfClientByDays
            : span.IsOfHours ? UsageSql.OfClientByHours
            : UsageSql.OfClient;
        await using var select = snapshot.Command(sql, [.. Parameters(query, span, after, snapshot.Position), .. days is null ? [] : Parameters(days)]);
        select.CommandTimeout = 0;
        await using var reader = await select.ExecuteReaderAsync(ct);
        var rows = new List<UsageRow>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add(new UsageRow(
                query.Groups, span.Windows[reader.GetInt32(0) - 1],
                Text(reader, 1), Text(reader, 2), Text(reader, 3), Text(reader, 4), Text(reader, 5),
                query.Groups.Metric ? reader.GetString(7) : null, reader.GetString(8), reader.GetString(6), reader.GetInt64(9)));
        }

        return rows;
    }

    private static string? Text(NpgsqlDataReader reader, int at) => reader.GetString(at) is { Length: > 0 } text ? text : null;

    private static NpgsqlParameter[] Parameters(ReadUsage query, UsageSpan span, long after, long position) =>
    [
        Columns.Of(query.Tenant), Columns.Of(query.ClientId),
        Columns.Of(span.QuartersFrom), Columns.Of(span.QuartersTo),
        Columns.Of(span.From), Columns.Of(span.FirstPartTo), Columns.Of(span.LastPartFrom), Columns.Of(span.To),
        new() { Value = after }, new() { Value = position },
        Columns.Of(span.Windows.Select(window => window.Start)),
        new() { Value = query.Groups.Provider }, new() { Value = query.Groups.Metric },
        new() { Value = query.Groups.AgentId }, new() { Value = query.Groups.ResourceId },
        Columns.Of(query.Filter.Provider), Columns.Of(query.Filter.Metric), Columns.Of(query.Filter.AgentId),
        new() { Value = query.After is null ? 0 : 1 },
        Columns.Of(query.After?.Provider ?? ""), Columns.Of(query.After?.Metric ?? ""), Columns.Of(query.After?.AgentId ?? ""),
        Columns.Of(query.After?.ResourceId ?? ""), Columns.Of(query.After?.Unit ?? ""), Columns.Of(query.After?.Currency ?? ""),
        new() { Value = query.Limit + 1 },
    ];

    private static NpgsqlParameter[] Parameters(WholeDays days) =>
        [Columns.Of(days.From), Columns.Of(days.To), Columns.Of(days.Moved.Select(moved => moved.Start)), Columns.Of(days.Moved.Select(moved => moved.End))];
}
