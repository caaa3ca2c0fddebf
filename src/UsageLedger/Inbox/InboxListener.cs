using Microsoft.Extensions.Logging;
using Npgsql;
using UsageLedger.EventLog;

namespace UsageLedger.Inbox;

/// <summary>Hears of items that other processes put in, and passes it on; what it misses, the workers' polling finds.</summary>
public sealed class InboxListener(NpgsqlDataSource database, InboxSignal signal, ILogger<InboxListener> log)
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(2);

    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(ct);
                connection.Notification += (_, _) => signal.Raise();
                await using (var listen = new NpgsqlCommand("listen ledger_inbox", connection))
                {
                    await listen.ExecuteNonQueryAsync(ct);
                }

                signal.Raise();
                while (true)
                {
                    await connection.WaitAsync(ct);
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (DatabaseFailure.Is(failure))
            {
                log.LogWarning("The inbox's listener lost its database ({Reason}) and tries again", failure.Message);
            }

            await Task.Delay(RetryEvery, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
