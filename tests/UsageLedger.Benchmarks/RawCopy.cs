using System.Diagnostics;
using Npgsql;
using UsageLedger.EventLog.Appending;

namespace UsageLedger.Benchmarks;

/// <summary>The raw limit of an append: COPY of as many rows, made ready beforehand, by one writer; the mean of before and after.</summary>
/// <param name="intoTheLog">Into the log's own table, as full as it is; else into a twin of it, which is empty.</param>
internal sealed class RawCopy(NpgsqlDataSource database, int total, bool intoTheLog)
{
    public const string LimitOfTheLog = "COPY of as many rows into the ledger's own table, on disk and not kept";
    private const string LimitOfTwin = "COPY of the same rows into the same table and indexes, one writer, mean of before and after";

    /// <summary>Rows of the limit are numbered from here, so that none is ever the ledger's.</summary>
    private const int LimitFrom = 1_000_000_000;

    private const string Twin = """
        create schema if not exists bench;
        drop table if exists bench.mt_events;
        create table bench.mt_events (like ledger.mt_events including all);
        """;

    private const string CopyToTwin = """
        copy bench.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, correlation_id, is_archived)
        from stdin (format binary)
        """;

    /// <summary>A commit, and so a wait until all that was written before it is on disk.</summary>
    private const string Flush = "select pg_logical_emit_message(true, 'bench', '')";

    private const int SliceEvents = 200_000;
    private readonly List<double> rates = [];

    /// <summary>Rows per second.</summary>
    public double Rate => rates.Average();

    public string Is => intoTheLog ? LimitOfTheLog + ", mean of before and after" : LimitOfTwin;

    public async Task MeasureAsync() => rates.Add(await (intoTheLog ? IntoTheLogAsync(database, 0, Math.Min(total, SliceEvents)) : IntoTwinAsync()));

    /// <summary>Rows per second into the log's own table, heap and indexes as full as they are; nothing stays of it.</summary>
    public static async Task<double> IntoTheLogAsync(NpgsqlDataSource database, int from, int count)
    {
        using var rows = await RowsAsync(LimitFrom + from, count, LimitFrom + from);
        await using var connection = await database.OpenConnectionAsync();
        var started = Stopwatch.GetTimestamp();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await CopyAsync(connection, EventCopy.Command, rows);
            await transaction.RollbackAsync();
        }

        await using (var flush = new NpgsqlCommand(Flush, connection))
        {
            await flush.ExecuteNonQueryAsync();
        }

        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private async Task<double> IntoTwinAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        await using (var twin = new NpgsqlCommand(Twin, connection))
        {
            await twin.ExecuteNonQueryAsync();
        }

        using var rows = await RowsAsync(0, total, 0);
        var started = Stopwatch.GetTimestamp();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await CopyAsync(connection, CopyToTwin, rows);
            await transaction.CommitAsync();
        }

        return total / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <param name="position">Positions, and versions of the streams, come behind it.</param>
    private static async Task<MemoryStream> RowsAsync(int from, int count, long position)
    {
        var (versions, rows) = (new Dictionary<string, long>(), new MemoryStream());
        await using var writer = EventCopy.To(rows);
        foreach (var request in BenchRows.Requests(from, from + count, 10_000))
        {
            foreach (var item in request.Items)
            {
                var version = versions[item.WhenNew!.Stream] = versions.GetValueOrDefault(item.WhenNew.Stream, position) + 1;
                await writer.WriteAsync(new PlannedEvent(item.WhenNew, request, ++position, version), 0);
            }
        }

        await writer.CompleteAsync();
        return rows;
    }

    private static async Task CopyAsync(NpgsqlConnection connection, string command, MemoryStream rows)
    {
        await using var copy = await connection.BeginRawBinaryCopyAsync(command);
        rows.Position = 0;
        await rows.CopyToAsync(copy, 64 * 1024);
    }
}
