using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;
using Npgsql;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Projecting;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.Anomalies;

/// <summary>Judges each hour of every tenant once it is over and settled; after a pause the hours that were missed, a turn at a time.</summary>
public sealed class AnomalyWatch(
    LogAppender appender, LogReader reader, ReadModels models, NpgsqlDataSource database, WatchPace pace, IClock clock,
    ILogger<AnomalyWatch> log) : BackgroundService
{
    private const string SelectTenants = """
        with recursive tenant as (
            (select s.tenant_id from ledger.mt_streams s order by s.tenant_id limit 1)
            union all
            select (select s.tenant_id from ledger.mt_streams s where s.tenant_id > t.tenant_id order by s.tenant_id limit 1)
            from tenant t where t.tenant_id is not null)
        select tenant_id from tenant where tenant_id is not null
        """;

    private readonly Dictionary<string, long> doneIn = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(pace.LookEvery, stoppingToken);
            await LookAsync(stoppingToken);
        }
    }

    private async Task LookAsync(CancellationToken ct)
    {
        try
        {
            var hour = HoursOfWeek.Number(clock.GetCurrentInstant());
            foreach (var tenant in await TenantsAsync(ct))
            {
                if (doneIn.GetValueOrDefault(tenant) != hour)
                {
                    await LookAsync(tenant, hour, ct);
                }
            }
        }
        catch (Exception failure) when (DatabaseFailure.Is(failure))
        {
            log.LogWarning(failure, "Anomalies could not be looked for now; the next look goes on from the last hour that was judged");
        }
    }

    private async Task LookAsync(string tenant, long hour, CancellationToken ct)
    {
        try
        {
            var outcome = await EvaluateHoursHandler.Handle(new EvaluateHours(tenant), appender, reader, models, database, clock, ct);
            doneIn[tenant] = outcome.IsDone ? hour : 0;
            if (outcome.Told is { Opened: > 0 } or { Resolved: > 0 })
            {
                log.LogInformation(
                    "Of {Tenant} the hours from {From} to {To} opened {Opened} anomalies and resolved {Resolved}",
                    tenant, outcome.Told.From, outcome.Told.To, outcome.Told.Opened, outcome.Told.Resolved);
            }
        }
#pragma warning disable CA1031 // What one tenant's hours come to grief over must stop neither the others' nor the host; they are judged again.
        catch (Exception failure) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            log.LogError(failure, "The hours of {Tenant} could not be judged; the next look goes on from the last hour that was", tenant);
        }
    }

    private async Task<List<string>> TenantsAsync(CancellationToken ct)
    {
        await using var select = database.CreateCommand(SelectTenants);
        await using var rows = await select.ExecuteReaderAsync(ct);
        var tenants = new List<string>();
        while (await rows.ReadAsync(ct))
        {
            tenants.Add(rows.GetString(0));
        }

        return tenants;
    }
}
