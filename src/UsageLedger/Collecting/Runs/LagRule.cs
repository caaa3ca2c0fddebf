using NodaTime;
using UsageLedger.Collecting.Scheduling;

namespace UsageLedger.Collecting.Runs;

/// <summary>What is known of a source's work.</summary>
/// <param name="RunWaitsSince">The oldest run that has not ended.</param>
/// <param name="WebhookWaitsSince">When the webhook, or fetch that came of one, was due that is longest due and not done.</param>
internal sealed record LagFacts(
    Instant? Cursor, Instant? LastCompletedAt, Instant? RunWaitsSince, Instant? WebhookWaitsSince, long PendingCosts, Instant? OldestPendingAt)
{
    public static readonly LagFacts None = new(null, null, null, null, 0, null);
}

/// <summary>Decides how late a source is.</summary>
internal static class LagRule
{
    /// <param name="configuredAt">When the source was configured as it is: one that was never collected is to be from then on.</param>
    public static SourceLag Of(Source source, LagFacts facts, Instant configuredAt, Instant now)
    {
        var polling = Since(Earlier(facts.RunWaitsSince, Due(source, facts.Cursor ?? configuredAt, now)), now);
        var webhooks = Since(facts.WebhookWaitsSince, now);
        var pending = Since(facts.OldestPendingAt, now);
        var alarms = new List<string>();
        Add(alarms, "polling", polling > CollectingLag.PollingMax && source.Schedule is not null);
        Add(alarms, "webhooks", webhooks > CollectingLag.WebhooksMax);
        Add(alarms, "pending_costs", pending > Duration.Max(CollectingLag.PendingMax, source.LookBack));
        return new SourceLag(
            source.Id, facts.Cursor, facts.LastCompletedAt, Seconds(polling), Seconds(webhooks), facts.PendingCosts, facts.OldestPendingAt, alarms);
    }

    /// <summary>The first time after the cursor at which the schedule wanted a run: one that nobody put into the inbox counts too.</summary>
    private static Instant? Due(Source source, Instant collectedTo, Instant now) =>
        source.Schedule is { } schedule && DueTimes.After(schedule, collectedTo) is { } due && due <= now ? due : null;

    private static Instant? Earlier(Instant? one, Instant? other) => one is null ? other : other is null || one < other ? one : other;

    private static Duration Since(Instant? start, Instant now) => start is { } at && at < now ? now - at : Duration.Zero;

    private static long Seconds(Duration lag) => lag.BclCompatibleTicks / NodaConstants.TicksPerSecond;

    private static void Add(List<string> alarms, string alarm, bool holds)
    {
        if (holds)
        {
            alarms.Add(alarm);
        }
    }
}
