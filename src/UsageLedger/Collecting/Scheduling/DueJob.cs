using NodaTime;
using Quartz;

namespace UsageLedger.Collecting.Scheduling;

/// <summary>What a source's trigger fires. Fired late, it asks for the last run that was due and not for those before.</summary>
public sealed class DueJob(ScheduledRuns runs) : IJob
{
    public const string Tenant = "tenant";
    public const string SourceId = "source";
    public const string Schedule = "schedule";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var data = context.Trigger.JobDataMap;
        var fired = Instant.FromDateTimeOffset(context.ScheduledFireTimeUtc ?? context.FireTimeUtc);
        if (DueTimes.UpTo(data.GetString(Schedule)!, fired) is { } due)
        {
            await runs.AddAsync(data.GetString(Tenant)!, data.GetString(SourceId)!, due, cancellationToken);
        }
    }
}
