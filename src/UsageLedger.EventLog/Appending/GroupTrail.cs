using System.Globalization;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace UsageLedger.EventLog.Appending;

/// <summary>What follows the events in their transaction: stream versions, tiles, indexes of ours, the head, and the wake-up call.</summary>
internal static class GroupTrail
{
    private const string UpsertStreams = """
        insert into ledger.mt_streams as s (tenant_id, id, version, timestamp, created, is_archived)
        select k.tenant_id, k.id, k.version, $4, $4, false
        from unnest($1::varchar[], $2::varchar[], $3::bigint[]) as k (tenant_id, id, version)
        on conflict (tenant_id, id) do update set version = excluded.version, timestamp = excluded.timestamp
        """;

    private const string UpsertTiles = """
        insert into ledger.log_tiles (level, index, hashes)
        select * from unnest($1::smallint[], $2::bigint[], $3::bytea[])
        on conflict (level, index) do update set hashes = excluded.hashes
        """;

    private const string InsertTypes = "insert into ledger.log_types (type, seq_id) select * from unnest($1::varchar[], $2::bigint[])";
    private const string InsertSubjects = "insert into ledger.log_subjects (subject, seq_id) select * from unnest($1::uuid[], $2::bigint[])";
    private const string MoveHead = "update ledger.log_head set position = $1, recorded_at = $2";
    private const string Notify = "select pg_notify('ledger_log', $1)";

    public static async Task WriteAsync(NpgsqlConnection connection, GroupPlan plan, HeadState head, AppendOptions options)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Streams(head.Versions, plan.RecordedAt),
                Tiles(head),
                new(MoveHead) { Parameters = { new() { Value = plan.Head }, Timestamp(plan.RecordedAt) } },
                new(Notify) { Parameters = { new() { Value = plan.Head.ToString(CultureInfo.InvariantCulture) } } },
            },
        };
        AddTypes(batch, plan, options);
        AddSubjects(batch, plan);
        await batch.ExecuteNonQueryAsync();
    }

    private static NpgsqlBatchCommand Streams(StreamVersions versions, Instant recordedAt)
    {
        var touched = versions.Touched.ToList();
        return new NpgsqlBatchCommand(UpsertStreams)
        {
            Parameters =
            {
                new() { Value = touched.ConvertAll(key => key.Tenant).ToArray() },
                new() { Value = touched.ConvertAll(key => key.Stream).ToArray() },
                new() { Value = touched.ConvertAll(key => versions[key.Tenant, key.Stream]).ToArray() },
                Timestamp(recordedAt),
            },
        };
    }

    private static NpgsqlBatchCommand Tiles(HeadState head)
    {
        var tiles = head.Edge.TakeChanged();
        return new NpgsqlBatchCommand(UpsertTiles)
        {
            Parameters =
            {
                new() { Value = tiles.Select(tile => (short)tile.Level).ToArray() },
                new() { Value = tiles.Select(tile => tile.Index).ToArray() },
                new() { Value = tiles.Select(tile => tile.Hashes.ToArray()).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
            },
        };
    }

    private static void AddTypes(NpgsqlBatch batch, GroupPlan plan, AppendOptions options)
    {
        var rare = plan.Events.Where(planned => !options.BulkTypes.Contains(planned.Event.Type)).ToList();
        if (rare.Count > 0)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(InsertTypes)
            {
                Parameters =
                {
                    new() { Value = rare.ConvertAll(planned => planned.Event.Type).ToArray() },
                    new() { Value = rare.ConvertAll(planned => planned.Position).ToArray() },
                },
            });
        }
    }

    private static void AddSubjects(NpgsqlBatch batch, GroupPlan plan)
    {
        var about = plan.Events.Where(planned => planned.Event.Subject is not null).ToList();
        if (about.Count > 0)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(InsertSubjects)
            {
                Parameters =
                {
                    new() { Value = about.ConvertAll(planned => planned.Event.Subject!.Value).ToArray() },
                    new() { Value = about.ConvertAll(planned => planned.Position).ToArray() },
                },
            });
        }
    }

    private static NpgsqlParameter Timestamp(Instant instant) =>
        new() { Value = instant.ToDateTimeUtc(), NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
