using Npgsql;

namespace UsageLedger.IntegrationSpecs.EventLog;

/// <summary>The log's one lock in a spec's hand: what is appended meanwhile waits, and gathers into one group.</summary>
internal sealed class HeldHead : IAsyncDisposable
{
    private const string Lock = "select from ledger.log_head for update";
    private const string Waiting = """
        select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')
        """;

    private readonly SpecLog log;
    private readonly NpgsqlConnection connection;
    private NpgsqlTransaction? transaction;

    private HeldHead(SpecLog log, NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        (this.log, this.connection, this.transaction) = (log, connection, transaction);

    public static async Task<HeldHead> TakeAsync(SpecLog log)
    {
        var connection = await log.Database.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var take = new NpgsqlCommand(Lock, connection);
        await take.ExecuteNonQueryAsync();
        return new HeldHead(log, connection, transaction);
    }

    public Task WaitForWaiterAsync() => SpecLog.UntilAsync(() => log.AskAsync<bool>(Waiting), "an appender waits for the head");

    public async Task ReleaseAsync()
    {
        await transaction!.DisposeAsync();
        transaction = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (transaction is not null)
            await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
