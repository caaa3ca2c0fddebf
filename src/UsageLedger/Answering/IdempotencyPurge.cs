using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using UsageLedger.EventLog;

namespace UsageLedger.Answering;

/// <summary>Forgets answers that are older than a day, some at a time.</summary>
internal sealed class IdempotencyPurge(NpgsqlDataSource database, ILogger<IdempotencyPurge> log) : BackgroundService
{
    public static readonly TimeSpan KeptFor = TimeSpan.FromHours(25);
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);
    private const int BatchMax = 1_000;
    private const int BatchesMax = 100;

    private const string Purge = """
        delete from ledger.idempotency_keys
        where (tenant, route, key) in (
            select tenant, route, key from ledger.idempotency_keys
            where created_at < now() - $1 and leased_until < now()
            order by created_at limit $2
            for update skip locked)
        """;

    /// <returns>How many were forgotten.</returns>
    public static async Task<int> RunAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        var (all, last) = (0, BatchMax);
        for (var batch = 0; batch < BatchesMax && last == BatchMax; batch++)
        {
            await using var purge = database.CreateCommand(Purge);
            purge.Parameters.Add(new() { Value = KeptFor });
            purge.Parameters.Add(new() { Value = BatchMax });
            last = await purge.ExecuteNonQueryAsync(ct);
            all += last;
        }

        return all;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                await RunAsync(database, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (DatabaseFailure.Is(failure))
            {
                log.LogWarning(failure, "Old answers could not be forgotten; they will be the next time");
            }
        }
    }
}
