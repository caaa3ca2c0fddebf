using System.Globalization;
using NodaTime;
using Npgsql;

namespace UsageLedger.Collecting.Runs;

/// <summary>What a run asks of the read models. If they lag the run overlaps more, and nothing else.</summary>
public sealed class RunReads(NpgsqlDataSource database)
{
    public const int PendingMax = 200;

    private const string SelectCursor = "select cursor_at from read.collection_cursors where tenant_id = $1 and source_id = $2";

    /// <summary>In an order that each run shuffles anew, so that those which never get a cost do not stand before the others.</summary>
    private const string SelectPending = """
        select idempotency_key from read.pending_costs
        where tenant_id = $1 and source = $2 and occurred_at < $3
        order by md5($4 || idempotency_key) limit $5
        """;

    /// <summary>How far the source has been collected without a gap; null: not at all.</summary>
    public async Task<Instant?> CursorAsync(string tenant, string source, CancellationToken ct)
    {
        await using var select = database.CreateCommand(SelectCursor);
        select.Parameters.Add(new() { Value = tenant });
        select.Parameters.Add(new() { Value = source });
        return await select.ExecuteScalarAsync(ct) is DateTime cursor ? Instant.FromDateTimeUtc(cursor) : null;
    }

    /// <summary>Keys of usage from before this time whose cost is not known: a bounded number, others in each run.</summary>
    internal async Task<IReadOnlyList<string>> PendingAsync(RunPlace run, Instant before, CancellationToken ct)
    {
        await using var select = database.CreateCommand(SelectPending);
        select.Parameters.Add(new() { Value = run.Tenant });
        select.Parameters.Add(new() { Value = run.SourceId });
        select.Parameters.Add(Columns.Of(before));
        select.Parameters.Add(new() { Value = run.Id.ToString("N", CultureInfo.InvariantCulture) });
        select.Parameters.Add(new() { Value = PendingMax });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var keys = new List<string>();
        while (await reader.ReadAsync(ct))
        {
            keys.Add(reader.GetString(0));
        }

        return keys;
    }
}
