namespace UsageLedger.Anomalies;

/// <summary>How often a host looks whether hours are due to be judged.</summary>
public sealed record WatchPace(TimeSpan LookEvery)
{
    public static WatchPace Default { get; } = new(TimeSpan.FromMinutes(1));
}
