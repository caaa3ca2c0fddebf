using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace UsageLedger.Coverage;

/// <summary>Measures days for as long as the server runs. Every host does; the log takes each figure once.</summary>
public sealed class RollUpService(RollUpDays days, RollUpPace pace, IClock clock, ILogger<RollUpService> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(pace.LookEvery, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await LookAsync(stoppingToken);
        }
    }

    private async Task LookAsync(CancellationToken ct)
    {
        try
        {
            await days.RunAsync(clock.GetCurrentInstant(), ct);
        }
#pragma warning disable CA1031 // Whatever a round comes to grief over must not stop the host; it is tried again.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            if (!ct.IsCancellationRequested)
            {
                log.LogWarning(failure, "Whether days are complete could not be seen; the next round tries again");
            }
        }
    }
}
