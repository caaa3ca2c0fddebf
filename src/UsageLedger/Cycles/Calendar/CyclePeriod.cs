namespace UsageLedger.Cycles.Calendar;

/// <summary>How often a client's cycle begins.</summary>
public enum CyclePeriod
{
    Monthly,
    Weekly
}

/// <summary>The periods as requests and events spell them.</summary>
public static class CyclePeriods
{
    public static string Name(CyclePeriod period) => period switch
    {
        CyclePeriod.Monthly => "monthly",
        CyclePeriod.Weekly => "weekly",
        _ => throw new ArgumentOutOfRangeException(nameof(period)),
    };
}
