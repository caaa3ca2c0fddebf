using NodaTime;
using Npgsql;
using UsageLedger.EventLog.Appending;

namespace UsageLedger.Host.Health;

/// <summary>Whether an append could succeed now: rows are written where events go, and taken back.</summary>
internal sealed class WriteProbe(NpgsqlDataSource database, IClock clock, AppendOptions options)
{
    private const int AnswerSeconds = 3;

    /// <summary>Beyond what free space there may be on the pages that are there: a full disk shows only when the table must grow. No event has a negative position.</summary>
    private const string Insert = """
        with probe as (
            insert into ledger.mt_events (seq_id, id, stream_id, version, data, type)
            select -n, gen_random_uuid(), 'write_probe', -n, jsonb_build_object('room', repeat('x', 1900)), 'write_probe' from generate_series(1, 64) n
            returning seq_id)
        select clock_timestamp() from probe limit 1
        """;

    public async Task<bool> SucceedsAsync(CancellationToken ct)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(ct);

            // Never committed: it ends with the connection's use.
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await using var insert = new NpgsqlCommand(Insert, connection, transaction) { CommandTimeout = AnswerSeconds };
            var now = Instant.FromDateTimeUtc((DateTime)(await insert.ExecuteScalarAsync(ct))!);
            return !(clock.GetCurrentInstant() - now > options.ClockAheadMax);
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            return false;
        }
    }
}
