using System.Collections.Concurrent;
using System.Diagnostics;
using NodaTime;
using Npgsql;

namespace UsageLedger.Access;

/// <summary>Says whose key a secret is. Keys in use are remembered for a few seconds; what is unknown is asked for again each time.</summary>
public sealed class ApiKeys(NpgsqlDataSource database, IClock clock, KeyUses uses) : IDisposable
{
    /// <summary>A revocation is seen after this and one query, that is within five seconds.</summary>
    private static readonly TimeSpan RememberedFor = TimeSpan.FromSeconds(4);
    private const int RememberedMax = 10_000;

    /// <summary>Whoever sends keys that are none can occupy this many connections of the database and no more.</summary>
    private const int LookupsMax = 8;

    private const string SelectByHash = """
        select id, tenant, name, scopes, created_at, expires_at, revoked_at, last_used_at
        from ledger.api_keys
        where hash = $1
        """;

    private readonly ConcurrentDictionary<string, Remembered> remembered = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim lookups = new(LookupsMax);

    /// <summary>The caller whose key this is, or null if it is no key, or none any more.</summary>
    public async ValueTask<ApiCaller?> FindAsync(string secret, CancellationToken ct)
    {
        if (!KeySecret.IsWellFormed(secret))
        {
            return null;
        }

        var hash = KeySecret.Hash(secret);
        var place = Convert.ToHexString(hash);
        if (!remembered.TryGetValue(place, out var known) || Stopwatch.GetElapsedTime(known.ReadAt) > RememberedFor)
        {
            await lookups.WaitAsync(ct);
            try
            {
                known = await ReadAsync(hash, place, ct);
            }
            finally
            {
                lookups.Release();
            }
        }

        var now = clock.GetCurrentInstant();
        if (known is null || !known.Key.IsGood(now))
        {
            return null;
        }

        uses.Note(known.Key.Id, now);
        return known.Caller;
    }

    public void Dispose() => lookups.Dispose();

    private async Task<Remembered?> ReadAsync(byte[] hash, string place, CancellationToken ct)
    {
        var readAt = Stopwatch.GetTimestamp();
        await using var select = database.CreateCommand(SelectByHash);
        select.Parameters.Add(new() { Value = hash });
        await using var reader = await select.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct))
        {
            return null;
        }

        if (remembered.Count >= RememberedMax)
        {
            remembered.Clear();
        }

        var key = ApiKeyRow.Read(reader);
        return remembered[place] = new Remembered(key, new ApiCaller(key.Tenant, key.Id, key.Scopes), readAt);
    }

    private sealed record Remembered(ApiKey Key, ApiCaller Caller, long ReadAt);
}
