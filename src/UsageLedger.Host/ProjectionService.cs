using UsageLedger.EventLog.Projecting;

namespace UsageLedger.Host;

/// <summary>Runs the projections for as long as the server runs.</summary>
internal sealed class ProjectionService(ProjectionHost projections) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => projections.RunAsync(stoppingToken);
}
