using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.EventLog.Projecting;

/// <summary>Hears of appends by other processes through NOTIFY and passes them on to this process's signal.</summary>
public sealed class LogListener(NpgsqlDataSource database, LogReader reader, LogSignal head, ILogger<LogListener> log)
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(2);

    /// <summary>Runs until cancelled; what it misses while the connection is down, the runner's polling finds.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(ct);
                connection.Notification += (_, note) => head.Advance(long.Parse(note.Payload, CultureInfo.InvariantCulture));
                await using (var listen = new NpgsqlCommand("listen ledger_log", connection))
                {
                    await listen.ExecuteNonQueryAsync(ct);
                }

                head.Advance(await reader.HeadAsync(ct));
                while (true)
                {
                    await connection.WaitAsync(ct);
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (Transient.Is(failure))
            {
                log.LogWarning("The listener lost its database ({Reason}) and tries again", failure.Message);
            }

            await Task.Delay(RetryEvery, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
