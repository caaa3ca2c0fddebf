namespace UsageLedger.Coverage;

/// <summary>How often a host looks whether days are complete.</summary>
public sealed record RollUpPace(TimeSpan LookEvery)
{
    public static RollUpPace Default { get; } = new(TimeSpan.FromSeconds(10));
}
