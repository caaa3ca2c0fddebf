using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;
using Quartz;
using UsageLedger.Collecting.Runs;
using UsageLedger.Collecting.Sources;

namespace UsageLedger.Collecting.Scheduling;

/// <summary>Keeps a trigger for each source that has a schedule, and follows their changes within seconds. Every host does; the inbox makes one of it.</summary>
public sealed class CollectionSchedule(
    ISchedulerFactory factory, SourceStore sources, ScheduledRuns runs, RunReads reads, SchedulePace pace, IClock clock, ILogger<CollectionSchedule> log)
    : BackgroundService
{
    private static readonly JobKey Job = new("collect");

    private readonly Dictionary<TriggerKey, string> known = [];
    private int round = 1;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var scheduler = await factory.GetScheduler(stoppingToken);
        await scheduler.AddJob(
            JobBuilder.Create<DueJob>().WithIdentity(Job).StoreDurably().Build(), new AddJobOptions { Replace = true }, stoppingToken);
        await scheduler.Start(stoppingToken);
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await FollowAsync(scheduler, stoppingToken);
                await Task.Delay(pace.FollowEvery, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            await scheduler.Shutdown(true, CancellationToken.None);
        }
    }

    private async Task FollowAsync(IScheduler scheduler, CancellationToken ct)
    {
        try
        {
            var wanted = (await sources.AllAsync(ct)).Where(source => source.Schedule is not null).ToDictionary(Key);
            foreach (var gone in known.Keys.Except(wanted.Keys).ToList())
            {
                await scheduler.UnscheduleJob(gone, ct);
                known.Remove(gone);
            }

            // A due time at which the database was away is made up for within a minute.
            foreach (var source in wanted.Values.Where(_ => round % pace.CatchUpRounds == 0))
            {
                await TryAsync(source, () => CatchUpAsync(source, ct), ct);
            }

            round++;
            foreach (var (key, source) in wanted.Where(pair => known.GetValueOrDefault(pair.Key) != pair.Value.Schedule))
            {
                known[key] = source.Schedule!;
                await TryAsync(source, () => TriggerAsync(scheduler, key, source, ct), ct);
            }
        }
#pragma warning disable CA1031 // Whatever a round comes to grief over must not stop the host; it is tried again.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            if (!ct.IsCancellationRequested)
            {
                log.LogWarning(failure, "The schedules could not be read; the next round tries again");
            }
        }
    }

    private async Task TryAsync(Source source, Func<Task> follow, CancellationToken ct)
    {
        try
        {
            await follow();
        }
#pragma warning disable CA1031 // What one source's schedule comes to grief over must stop neither the others' nor the host.
        catch (Exception failure) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            log.LogError(failure, "The schedule of source {Source} of {Tenant} could not be followed; a run that is due is tried again", source.Id, source.Tenant);
        }
    }

    private async Task TriggerAsync(IScheduler scheduler, TriggerKey key, Source source, CancellationToken ct)
    {
        if (DueTimes.Read(source.Schedule!) is not { } cron)
        {
            log.LogError("The schedule of source {Source} of {Tenant} cannot be read", source.Id, source.Tenant);
            return;
        }

        var trigger = TriggerBuilder.Create().WithIdentity(key).ForJob(Job)
            .UsingJobData(DueJob.Tenant, source.Tenant).UsingJobData(DueJob.SourceId, source.Id).UsingJobData(DueJob.Schedule, source.Schedule!)
            .WithSchedule(CronScheduleBuilder.Create(cron).WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed))
            .Build();
        await scheduler.ScheduleTrigger(trigger, TriggerConflict.Replace, ct);
        await CatchUpAsync(source, ct);
    }

    /// <summary>Runs that were due while no host ran: one makes up for all, for it begins at the cursor. A source that was never collected is due from when it was configured.</summary>
    private async Task CatchUpAsync(Source source, CancellationToken ct)
    {
        var collectedTo = await reads.CursorAsync(source.Tenant, source.Id, ct)
            ?? (await sources.LatestAsync(source.Tenant, ct)).GetValueOrDefault(source.Id)?.Event.RecordedAt;
        if (collectedTo is { } from && DueTimes.UpTo(source.Schedule!, clock.GetCurrentInstant()) is { } due && due > from)
        {
            await runs.AddAsync(source.Tenant, source.Id, due, ct);
        }
    }

    private static TriggerKey Key(Source source) => new(source.Id, source.Tenant);
}
