using System.Diagnostics;
using Npgsql;
using UsageLedger.EventLog.Appending;

namespace UsageLedger.Benchmarks;

/// <summary>The raw limit of an append: COPY of the same rows, made ready beforehand, into a twin of the same table with the same indexes.</summary>
internal static class RawCopy
{
    private const string Twin = """
        create schema if not exists bench;
        drop table if exists bench.mt_events;
        create table bench.mt_events (like ledger.mt_events including all);
        """;

    private const string Command = """
        copy bench.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, correlation_id, is_archived)
        from stdin (format binary)
        """;

    /// <summary>Rows per second in one transaction by one writer.</summary>
    public static async Task<double> MeasureAsync(NpgsqlDataSource database, int total)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using (var twin = new NpgsqlCommand(Twin, connection))
        {
            await twin.ExecuteNonQueryAsync();
        }

        var versions = new Dictionary<string, long>();
        var position = 0L;
        using var rows = new MemoryStream();
        await using (var writer = EventCopy.To(rows))
        {
            foreach (var request in BenchRows.Requests(0, total, 10_000))
            {
                foreach (var item in request.Items)
                {
                    var version = versions.GetValueOrDefault(item.WhenNew!.Stream) + 1;
                    versions[item.WhenNew.Stream] = version;
                    await writer.WriteAsync(new PlannedEvent(item.WhenNew, request, ++position, version), 0);
                }
            }

            await writer.CompleteAsync();
        }

        var started = Stopwatch.GetTimestamp();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using (var copy = await connection.BeginRawBinaryCopyAsync(Command))
            {
                rows.Position = 0;
                await rows.CopyToAsync(copy, 64 * 1024);
            }

            await transaction.CommitAsync();
        }

        return total / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
