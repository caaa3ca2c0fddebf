using NodaTime;
using NodaTime.Text;
using Npgsql;

namespace UsageLedger.Coverage;

/// <summary>Makes the same fill one run while that run waits or is being made; once it has ended, another fill is another run.</summary>
internal static class FillKeys
{
    /// <summary>A run that is behind the last that ended is named after it, so that all who ask now name the same.</summary>
    private const string SelectKey = """
        select case when status in ('queued', 'running', 'failed') then key else $3 || ':' || id end
        from ledger.inbox_items
        where tenant = $1 and source = $2 and kind = 'collect' and starts_with(key, $3)
        order by received_at desc, id desc limit 1
        """;

    public static async Task<string> OfAsync(NpgsqlDataSource database, string tenant, string sourceId, Instant from, Instant to, CancellationToken ct)
    {
        var key = $"fill:{InstantPattern.ExtendedIso.Format(from)}:{InstantPattern.ExtendedIso.Format(to)}";
        await using var select = database.CreateCommand(SelectKey);
        select.Parameters.Add(new() { Value = tenant });
        select.Parameters.Add(new() { Value = sourceId });
        select.Parameters.Add(new() { Value = key });
        return await select.ExecuteScalarAsync(ct) as string ?? key;
    }
}
