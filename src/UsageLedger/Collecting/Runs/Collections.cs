using System.Globalization;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using Npgsql;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Projecting;

namespace UsageLedger.Collecting.Runs;

/// <summary>The runs of every source, and how far each has been collected.</summary>
public sealed class Collections : IProjection
{
    public const string ProjectionName = "collections";

    private const string Start = """
        insert into collections (tenant_id, run_id, source_id, from_at, to_at, status, pages, records, accepted, duplicates, revised, rejected, requested_at, started_at)
        values ($1, $2, $3, $4, $5, 'started', 0, 0, 0, 0, 0, 0, $6, $7)
        """;

    private const string End = """
        update collections
        set status = $3, pages = $4, records = $5, accepted = $6, duplicates = $7, revised = $8, rejected = $9, ended_at = $10, error = $11
        where tenant_id = $1 and run_id = $2
        """;

    /// <summary>A run that begins behind the cursor leaves a gap before it, and moves nothing.</summary>
    private const string MoveCursor = """
        insert into collection_cursors as c (tenant_id, source_id, cursor_at, last_completed_at) values ($1, $2, $4, $5)
        on conflict (tenant_id, source_id) do update
        set cursor_at = case when $3 <= c.cursor_at then greatest(c.cursor_at, $4) else c.cursor_at end, last_completed_at = $5
        """;

    public string Name => ProjectionName;

    public IReadOnlyList<string> Tables { get; } = ["collections", "collection_cursors"];

    public IReadOnlyList<string> FoldedTypes { get; } = [EventTypes.CollectionStarted, EventTypes.CollectionCompleted, EventTypes.CollectionFailed];

    public Task AdvanceAsync(NpgsqlConnection connection, long after, long upTo, CancellationToken ct) => Task.CompletedTask;

    public async Task FoldAsync(NpgsqlConnection connection, StoredEvent stored, CancellationToken ct)
    {
        using var json = JsonDocument.Parse(stored.Data.Utf8);
        var data = json.RootElement;
        if (stored.Type == EventTypes.CollectionStarted)
        {
            await RunAsync(
                connection, Start, ct, stored.Tenant, RunId(data), Text(data, "sourceId"), Time(data, "from"), Time(data, "to"),
                Time(data, "requestedAt"), stored.RecordedAt);
            return;
        }

        var completed = stored.Type == EventTypes.CollectionCompleted;
        await RunAsync(
            connection, End, ct, stored.Tenant, RunId(data), completed ? "completed" : "failed", Count(data, "pages"), Count(data, "records"),
            Count(data, "accepted"), Count(data, "duplicates"), Count(data, "revised"), Count(data, "rejected"), stored.RecordedAt,
            completed ? null : $"{Text(data, "code")}: {Text(data, "message")}");
        if (completed)
        {
            await RunAsync(connection, MoveCursor, ct, stored.Tenant, Text(data, "sourceId"), Time(data, "from"), Time(data, "to"), stored.RecordedAt);
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken ct, params object?[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(value switch
            {
                Instant instant => Columns.Of(instant),
                null => Columns.Of(default(string)),
                _ => new() { Value = value },
            });
        }

        await command.ExecuteNonQueryAsync(ct);
    }

    private static Guid RunId(JsonElement data) => Guid.Parse(Text(data, "runId"), CultureInfo.InvariantCulture);

    private static string Text(JsonElement data, string name) => data.GetProperty(name).GetString()!;

    private static long Count(JsonElement data, string name) => long.Parse(Text(data, name), CultureInfo.InvariantCulture);

    private static Instant Time(JsonElement data, string name) => InstantPattern.ExtendedIso.Parse(Text(data, name)).Value;
}
