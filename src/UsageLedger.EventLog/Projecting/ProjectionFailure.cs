namespace UsageLedger.EventLog.Projecting;

/// <summary>An event within these positions cannot be projected.</summary>
internal sealed class ProjectionFailure(long first, long last, Exception cause)
    : Exception($"Positions {first} to {last} cannot be projected: {cause.Message}", cause)
{
    public long First => first;

    public long Last => last;
}
