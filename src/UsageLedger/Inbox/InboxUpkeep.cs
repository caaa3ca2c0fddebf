using Microsoft.Extensions.Logging;
using NodaTime;
using Npgsql;
using NpgsqlTypes;
using UsageLedger.EventLog;

namespace UsageLedger.Inbox;

/// <summary>Puts back what dead workers left, and forgets what was done long ago.</summary>
public sealed class InboxUpkeep(NpgsqlDataSource database, IClock clock, InboxClaims claims, InboxSignal signal, InboxOptions options, ILogger<InboxUpkeep> log)
{
    private const int BatchMax = 1_000;
    private const int PurgeBatchesMax = 500;
    private const int PurgeRounds = 60;

    private const string Purge = """
        delete from ledger.inbox_items
        where id in (
            select id from ledger.inbox_items where status = 'done' and ended_at < $1
            order by ended_at limit $2 for update skip locked)
        """;

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        for (var round = 0; !ct.IsCancellationRequested; round = (round + 1) % PurgeRounds)
        {
            try
            {
                if (await claims.TakeBackAsync(ct) > 0)
                {
                    signal.Raise();
                }

                if (round == 0)
                {
                    await PurgeAllAsync(ct);
                }
            }
            catch (Exception failure) when (failure is OperationCanceledException || DatabaseFailure.Is(failure))
            {
                if (!ct.IsCancellationRequested)
                {
                    log.LogWarning(failure, "The inbox could not be looked after; the next round tries again");
                }
            }

            await Task.Delay(options.Lease / 6, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Forgets what was done long ago, batch by batch: an intake of any pace is forgotten as fast as it came.</summary>
    public async Task PurgeAllAsync(CancellationToken ct)
    {
        var (batches, purged) = (0, BatchMax);
        while (purged == BatchMax && batches++ < PurgeBatchesMax)
        {
            purged = await PurgeAsync(ct);
        }
    }

    /// <summary>Forgets a bounded number of items that were done long ago. How many.</summary>
    public async Task<int> PurgeAsync(CancellationToken ct)
    {
        await using var purge = database.CreateCommand(Purge);
        purge.Parameters.Add(new()
        {
            Value = (clock.GetCurrentInstant() - options.DoneKeptFor).ToDateTimeUtc(), NpgsqlDbType = NpgsqlDbType.TimestampTz,
        });
        purge.Parameters.Add(new() { Value = BatchMax });
        return await purge.ExecuteNonQueryAsync(ct);
    }
}
