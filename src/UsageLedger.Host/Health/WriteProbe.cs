using NodaTime;
using Npgsql;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;

namespace UsageLedger.Host.Health;

/// <summary>Whether an append could succeed now: rows are written where events go, and taken back.</summary>
internal sealed class WriteProbe(NpgsqlDataSource database, IClock clock, AppendOptions options)
{
    private const int AnswerSeconds = 3;

    /// <summary>As an append begins, and no longer than a probe may take.</summary>
    private const string Lock = """
        set local lock_timeout = '2s';
        update ledger.log_head set position = position returning clock_timestamp()
        """;

    /// <summary>
    /// Beyond what free space there may be on the pages that are there: a full disk shows only when the table must grow. The text is such as
    /// cannot be made smaller. No event has a negative position.
    /// </summary>
    private const string Insert = """
        insert into ledger.mt_events (seq_id, id, stream_id, version, data, type)
        select -n, gen_random_uuid(), 'write_probe', -n, jsonb_build_object('room', r.room), 'write_probe'
        from generate_series(1, 64) n
        cross join (select string_agg(md5(random()::text), '') as room from generate_series(1, 50)) r
        """;

    public async Task<bool> SucceedsAsync(CancellationToken ct)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(ct);

            // Never committed: it ends with the connection's use.
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await using var head = new NpgsqlCommand(Lock, connection, transaction) { CommandTimeout = AnswerSeconds };
            var now = Instant.FromDateTimeUtc((DateTime)(await head.ExecuteScalarAsync(ct))!);
            if (clock.GetCurrentInstant() - now > options.ClockAheadMax)
            {
                return false;
            }

            await using var insert = new NpgsqlCommand(Insert, connection, transaction) { CommandTimeout = AnswerSeconds };
            await insert.ExecuteNonQueryAsync(ct);
            return true;
        }
        catch (Exception failure) when (DatabaseFailure.Is(failure))
        {
            return false;
        }
    }
}
