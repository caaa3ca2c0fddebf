using Microsoft.Extensions.Hosting;

namespace UsageLedger.Simulators.Webhooks;

/// <summary>Sends webhooks as the world's time goes on.</summary>
internal sealed class DeliveryLoop(Simulation simulation) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (simulation.Webhooks.Targets.Count > 0)
            {
                await simulation.Webhooks.DeliverAsync(stoppingToken);
            }
        }
    }
}
