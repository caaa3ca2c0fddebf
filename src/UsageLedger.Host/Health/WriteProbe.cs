using NodaTime;
using Npgsql;
using UsageLedger.EventLog.Appending;

namespace UsageLedger.Host.Health;

/// <summary>Whether an append could succeed now: one is made up to its commit, and taken back.</summary>
internal sealed class WriteProbe(NpgsqlDataSource database, IClock clock, AppendOptions options)
{
    private const int AnswerSeconds = 3;

    /// <summary>No statement takes longer than a probe may, and a host that stalls holds up nobody for long.</summary>
    private const string Limits = """
        set local lock_timeout = '2s';
        set local statement_timeout = '3s';
        set local idle_in_transaction_session_timeout = '5s'
        """;

    public async Task<bool> SucceedsAsync()
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync();

            // Never committed: it ends with the connection's use.
            await using var transaction = await connection.BeginTransactionAsync();
            await using var limits = new NpgsqlCommand(Limits, connection, transaction) { CommandTimeout = AnswerSeconds };
            await limits.ExecuteNonQueryAsync();
            return await AppendRehearsal.RunAsync(connection, clock, options);
        }
#pragma warning disable CA1031 // Whatever hinders it hinders an append.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }
}
