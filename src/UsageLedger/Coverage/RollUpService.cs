using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;
using Npgsql;

namespace UsageLedger.Coverage;

/// <summary>Measures days for as long as the server runs. Every host does; the log takes each figure once.</summary>
public sealed class RollUpService(RollUpDays days, IClock clock, ILogger<RollUpService> log) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(LookEvery, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await days.RunAsync(clock.GetCurrentInstant(), stoppingToken);
            }
            catch (Exception failure) when (failure is NpgsqlException or TimeoutException or OperationCanceledException)
            {
                if (!stoppingToken.IsCancellationRequested)
                {
                    log.LogWarning(failure, "Whether days are complete could not be seen; the next round tries again");
                }
            }
        }
    }
}
