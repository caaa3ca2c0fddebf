using System.Data;
using System.Globalization;
using Npgsql;

namespace UsageLedger.EventLog.Appending;

/// <summary>The one session in which a host appends, opened anew when it was lost.</summary>
/// <param name="idleMax">The server ends the session when its transaction waits longer for this host, so that a stalled host holds up nobody.</param>
internal sealed class LogSession(NpgsqlDataSource database, TimeSpan idleMax) : IAsyncDisposable
{
    /// <summary>An append asks for rows by their keys and for nothing else: a plan that was kept while a table was small never reads the whole of it later.</summary>
    private const string Limit = "select set_config('idle_in_transaction_session_timeout', $1::text, false), set_config('enable_seqscan', 'off', false)";

    private NpgsqlConnection? connection;

    /// <summary>Opened before.</summary>
    public NpgsqlConnection Connection => connection!;

    /// <summary>Whether it is new tells whether anything that was read in the one before can be believed.</summary>
    public async Task<(NpgsqlConnection Connection, bool IsNew)> OpenAsync()
    {
        if (connection is { State: ConnectionState.Open })
        {
            return (connection, false);
        }

        await DisposeAsync();
        connection = null;
        connection = await LimitedAsync(await database.OpenConnectionAsync());
        return (connection, true);
    }

    public async ValueTask DisposeAsync()
    {
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }
    }

    /// <summary>A session without the limit is none.</summary>
    private async Task<NpgsqlConnection> LimitedAsync(NpgsqlConnection opened)
    {
        try
        {
            await using var limit = new NpgsqlCommand(Limit, opened)
            {
                Parameters = { new() { Value = ((long)idleMax.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) } },
            };
            await limit.ExecuteNonQueryAsync();
            return opened;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }
}
