namespace UsageLedger.Collecting.Scheduling;

/// <summary>How soon a host follows changes of schedules, and in which of these rounds it looks for runs that were due and not put in.</summary>
public sealed record SchedulePace(TimeSpan FollowEvery, int CatchUpRounds)
{
    /// <summary>Looks every minute.</summary>
    public static SchedulePace Default { get; } = new(TimeSpan.FromSeconds(3), 20);
}
