using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;
using Npgsql;
using UsageLedger.EventLog;

namespace UsageLedger.Access;

/// <summary>Writes down when each key was last used: once a minute for all keys together, never while a request waits.</summary>
public sealed class KeyUses(NpgsqlDataSource database, ILogger<KeyUses> log) : BackgroundService
{
    private static readonly TimeSpan WriteEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LastWriteMax = TimeSpan.FromSeconds(5);
    private const int NotedMax = 10_000;

    private const string Update = """
        update ledger.api_keys k set last_used_at = u.used_at
        from unnest($1::uuid[], $2::timestamptz[]) u (id, used_at)
        where k.id = u.id and (k.last_used_at is null or k.last_used_at < u.used_at)
        """;

    private readonly ConcurrentDictionary<Guid, Instant> noted = new();

    public void Note(Guid key, Instant at)
    {
        // Counting takes all of the dictionary's locks, so it is left for keys that are not in it.
        if (noted.ContainsKey(key) || noted.Count < NotedMax)
        {
            noted[key] = at;
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LastWriteMax);
        await WriteAsync(limit.Token);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(WriteEvery);
        while (await NextAsync(timer, stoppingToken))
        {
            await WriteAsync(stoppingToken);
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken ct)
    {
        try
        {
            return await timer.WaitForNextTickAsync(ct);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task WriteAsync(CancellationToken ct)
    {
        var uses = noted.ToArray();
        if (uses.Length == 0)
        {
            return;
        }

        try
        {
            await using var update = database.CreateCommand(Update);
            update.Parameters.Add(new() { Value = Array.ConvertAll(uses, use => use.Key) });
            update.Parameters.Add(new() { Value = Array.ConvertAll(uses, use => use.Value.ToDateTimeUtc()) });
            await update.ExecuteNonQueryAsync(ct);
            foreach (var use in uses)
            {
                noted.TryRemove(use);
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException || DatabaseFailure.Is(failure))
        {
            // The uses stay noted, so the next write has them too.
            log.LogWarning(failure, "The last use of {KeyCount} keys could not be written", uses.Length);
        }
    }
}
