using Npgsql;

namespace UsageLedger.EventLog.Projecting;

/// <summary>Who runs a database's projections while its schema is about to change: a program of before books on without the tables that come.</summary>
internal static class ProjectionOwners
{
    /// <summary>Together five seconds: the sessions of a server that was killed may outlive it for a moment.</summary>
    private const int LooksMax = 20;

    /// <summary>A rebuild too: its tables are those of its own program, and it would put them in the place of those that come.</summary>
    private const string TakeFree = """
        select name from ledger.projections where not pg_try_advisory_xact_lock($1, hashtext(name))
        union all
        select 'a rebuild' where not pg_try_advisory_xact_lock($2, hashtext(''))
        order by 1
        """;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>Takes the place of all owners until the transaction ends, so that none begins meanwhile.</summary>
    /// <exception cref="ServersRunningException">One of them lives.</exception>
    public static async Task ReplaceAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        for (var look = 1; await OwnedAsync(connection, ct) is { Count: > 0 } owned; look++)
        {
            if (look == LooksMax)
            {
                throw new ServersRunningException(
                    $"Another server runs {string.Join(", ", owned)} on this database, whose schema is older than this program. Stop the other servers first; one that was cut off a moment ago may keep its place for half a minute. Nothing was changed.");
            }

            await Task.Delay(LookEvery, ct);
        }
    }

    private static async Task<List<string>> OwnedAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var take = new NpgsqlCommand(TakeFree, connection) { Parameters = { new() { Value = ProjectionRunner.OwnershipLocks }, new() { Value = ProjectionRebuild.RebuildLocks } } };
        await using var reader = await take.ExecuteReaderAsync(ct);
        var owned = new List<string>();
        while (await reader.ReadAsync(ct))
        {
            owned.Add(reader.GetString(0));
        }

        return owned;
    }
}
