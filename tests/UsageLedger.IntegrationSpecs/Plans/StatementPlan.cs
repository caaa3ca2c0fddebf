using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Npgsql;

namespace UsageLedger.IntegrationSpecs.Plans;

/// <summary>How PostgreSQL would go through each table for a statement, whatever its parameters are.</summary>
internal static partial class StatementPlan
{
    /// <summary>A line for each table: by which index it is entered at a condition, or that it is read whole. A small table rightly is; here it is taken for a large one.</summary>
    public static async Task<IReadOnlyList<string>> ScansAsync(NpgsqlDataSource database, string sql)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await DoAsync(connection, "set local plan_cache_mode = force_generic_plan; set local jit = off; set local enable_seqscan = off; set local enable_bitmapscan = off");
        await DoAsync(connection, $"prepare watched as {sql}");
        var count = Parameter().Matches(sql).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).DefaultIfEmpty(0).Max();
        var values = count == 0 ? "" : $"({string.Join(',', Enumerable.Repeat("null", count))})";
        await using var explain = new NpgsqlCommand($"explain (format json, costs off) execute watched{values}", connection);
        var plan = JsonDocument.Parse((string)(await explain.ExecuteScalarAsync())!).RootElement;
        await DoAsync(connection, "deallocate watched");
        return [.. Scans(plan[0].GetProperty("Plan")).Distinct().Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Scans(JsonElement node)
    {
        if (node.TryGetProperty("Relation Name", out var table))
        {
            yield return node.TryGetProperty("Index Name", out var index) && node.TryGetProperty("Index Cond", out _)
                ? $"{table} by {index}"
                : $"{table} whole";
        }

        if (node.TryGetProperty("Plans", out var inner))
        {
            foreach (var scan in inner.EnumerateArray().SelectMany(Scans))
                yield return scan;
        }
    }

    private static async Task DoAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    [GeneratedRegex(@"\$(\d+)")]
    private static partial Regex Parameter();
}
