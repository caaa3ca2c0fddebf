using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;

namespace UsageLedger.Attributing;

/// <summary>Follows the log: whatever is unattributed and claimed moves, whether the usage or the mapping came later.</summary>
public sealed class ReattributionService(
    MappingStore mappings, LogAppender appender, NpgsqlDataSource database, LogSignal head, ILogger<ReattributionService> log) : BackgroundService
{
    /// <summary>Between two looks, so that a busy log is looked at for many appends at once.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>Without a signal, which another process's append may fail to give.</summary>
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var seen = head.Position;
            await LookAsync(stoppingToken);
            await Task.Delay(LookEvery, stoppingToken);
            await head.WaitBeyondAsync(seen, LookAnyway, stoppingToken);
        }
    }

    private async Task LookAsync(CancellationToken ct)
    {
        try
        {
            foreach (var tenant in await mappings.TenantsAsync(ct))
            {
                await LookAsync(tenant, ct);
            }
        }
        catch (Exception failure) when (DatabaseFailure.Is(failure))
        {
            log.LogWarning(failure, "Unattributed usage could not be looked at now; the next look goes on from where it was");
        }
    }

    private async Task LookAsync(string tenant, CancellationToken ct)
    {
        try
        {
            if (await ReattributeHandler.Handle(new Reattribute(tenant), mappings, appender, database, ct) is > 0 and var moved)
            {
                log.LogInformation("{Moved} usages of {Tenant} that nobody had claimed moved to whose they are", moved, tenant);
            }
        }
#pragma warning disable CA1031 // What one tenant's usage comes to grief over must stop neither the others' nor the host; it is tried again.
        catch (Exception failure) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            log.LogError(failure, "Unattributed usage of {Tenant} could not be looked at; the next look goes on from where it was", tenant);
        }
    }
}
