using Npgsql;

namespace UsageLedger.EventLog.Projecting;

/// <summary>Who runs a database's projections while its schema is about to change: a program of before books on without the tables that come.</summary>
internal static class ProjectionOwners
{
    /// <summary>As <see cref="ProjectionRunner"/> takes them.</summary>
    private const int OwnershipLocks = 4711;

    /// <summary>Together five seconds: the sessions of a server that was killed may outlive it for a moment.</summary>
    private const int LooksMax = 20;

    private const string TakeFree = "select name from ledger.projections where not pg_try_advisory_xact_lock($1, hashtext(name)) order by name";

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
                    $"Another server runs {string.Join(", ", owned)} on this database, whose schema is older than this program. Stop the other servers first; nothing was changed.");
            }

            await Task.Delay(LookEvery, ct);
        }
    }

    private static async Task<List<string>> OwnedAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var take = new NpgsqlCommand(TakeFree, connection) { Parameters = { new() { Value = OwnershipLocks } } };
        await using var reader = await take.ExecuteReaderAsync(ct);
        var owned = new List<string>();
        while (await reader.ReadAsync(ct))
        {
            owned.Add(reader.GetString(0));
        }

        return owned;
    }
}
