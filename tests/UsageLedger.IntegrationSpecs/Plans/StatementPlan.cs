using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Npgsql;

namespace UsageLedger.IntegrationSpecs.Plans;

/// <summary>How PostgreSQL would go through each table for a statement, whatever its parameters are.</summary>
internal static partial class StatementPlan
{
    private const string Log = "mt_events";

    /// <summary>Tables that hold all of a tenant's years: to enter one by the tenant alone is to walk through them.</summary>
    private static readonly string[] Grown = [Log, "inbox_items", "collections", "captured_hours"];

    /// <summary>Conditions on these say whose rows it looks at, not which.</summary>
    private static readonly string[] Owners = ["tenant", "source"];

    /// <summary>A line for each table: by which index it is entered, or that it is read whole. A small table rightly is; here it is taken for a large one.</summary>
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

    private static IEnumerable<string> Scans(JsonElement node, bool stops = false)
    {
        if (node.TryGetProperty("Relation Name", out var table))
        {
            yield return node.TryGetProperty("Index Name", out var index) && node.TryGetProperty("Index Cond", out var condition) && ((stops && table.GetString() == Log) || !Grown.Contains(table.GetString()) || IsEntered(condition.GetString()!))
                ? $"{table} by {index}"
                : $"{table} whole";
        }

        if (node.TryGetProperty("Plans", out var inner))
        {
            stops = stops || node.GetProperty("Node Type").GetString() == "Limit";
            foreach (var scan in inner.EnumerateArray().SelectMany(plan => Scans(plan, stops)))
                yield return scan;
        }
    }

    /// <summary>At rows that equal something, not at all of a tenant's nor at all before a position; where a limit ends the walk through the log, it may begin anywhere.</summary>
    private static bool IsEntered(string condition) => condition.Split(" AND ")
        .Any(part => !Owners.Any(owner => part.Contains(owner, StringComparison.Ordinal)) && part.Contains(" = ", StringComparison.Ordinal));

    private static async Task DoAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    [GeneratedRegex(@"\$(\d+)")]
    private static partial Regex Parameter();
}
