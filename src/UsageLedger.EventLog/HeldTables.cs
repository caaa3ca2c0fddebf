using Npgsql;

namespace UsageLedger.EventLog;

/// <summary>
/// Changes tables that others may be reading for hours, such as <c>pg_dump</c>. Whoever waits for such a lock holds up all who come after,
/// so a change waits three seconds, gives way until those who held something then have ended, and begins anew.
/// </summary>
internal static class HeldTables
{
    /// <summary>Between four seconds and half a minute each: most of an hour at least, six hours at most.</summary>
    private const int TriesMax = 720;

    private const int LooksMax = 30;

    private const string Limit = "set local lock_timeout = '3s'";

    private const string SelectHolders = """
        select distinct l.virtualtransaction, l.pid, coalesce(nullif(a.application_name, ''), a.usename::text, 'unnamed')
        from pg_locks l
        join pg_class c on c.oid = l.relation
        left join pg_stat_activity a on a.pid = l.pid
        where l.locktype = 'relation' and l.granted and l.database = (select oid from pg_database where datname = current_database())
          and c.relnamespace in (select oid from pg_namespace where nspname in ('ledger', 'read', 'read_next'))
          and (a.backend_type is null or a.backend_type = 'client backend') and l.pid <> pg_backend_pid()
          and (a.xact_start is null or a.xact_start < clock_timestamp() - interval '2 seconds')
        order by 2
        """;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>From here on the transaction waits for no lock longer than readers may wait behind it.</summary>
    public static async Task LimitWaitAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var limit = new NpgsqlCommand(Limit, connection);
        await limit.ExecuteNonQueryAsync(ct);
    }

    /// <param name="attempt">One transaction, from its beginning to its end; nothing of it is left when it fails.</param>
    /// <param name="waiting">Told whom it waits for, whenever that is somebody else.</param>
    /// <exception cref="TablesHeldException">They were held at every try.</exception>
    public static async Task<T> ChangeAsync<T>(NpgsqlDataSource database, Func<Task<T>> attempt, Action<string>? waiting, CancellationToken ct)
    {
        var told = "";
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await attempt();
            }
            catch (PostgresException held) when (held.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
            {
                var holders = await HoldersAsync(database, ct);
                var who = holders.Count == 0 ? "another session" : string.Join(", ", holders.Values);
                if (tries == TriesMax)
                {
                    throw new TablesHeldException($"Tables of the ledger have been held at every one of {TriesMax} tries, now by {who}. Nothing was changed; try again when that has ended.");
                }

                if (told != who)
                {
                    told = who;
                    waiting?.Invoke($"Waiting until {who} lets go of the ledger's tables; reading and recording go on.");
                }

                await OutlastAsync(database, holders, ct);
            }
        }
    }

    /// <summary>Until all of these transactions have ended, or half a minute has passed.</summary>
    private static async Task OutlastAsync(NpgsqlDataSource database, Dictionary<string, string> holders, CancellationToken ct)
    {
        for (var look = 0; look < LooksMax; look++)
        {
            await Task.Delay(LookEvery, ct);
            if (!(await HoldersAsync(database, ct)).Keys.Any(holders.ContainsKey))
            {
                return;
            }
        }
    }

    /// <summary>Who holds locks on tables of the ledger, by transaction.</summary>
    private static async Task<Dictionary<string, string>> HoldersAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var select = database.CreateCommand(SelectHolders);
        await using var reader = await select.ExecuteReaderAsync(ct);
        var holders = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(ct))
        {
            holders[reader.GetString(0)] = $"session {reader.GetInt32(1)} ({reader.GetString(2)})";
        }

        return holders;
    }
}
