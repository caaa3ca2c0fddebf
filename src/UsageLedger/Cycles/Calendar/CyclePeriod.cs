namespace UsageLedger.Cycles.Calendar;

/// <summary>How often a client's cycle begins.</summary>
public enum CyclePeriod
{
    Monthly,
    Weekly
}
