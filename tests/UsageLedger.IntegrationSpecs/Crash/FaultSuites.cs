namespace UsageLedger.IntegrationSpecs.Crash;

/// <summary>These specs kill several hosts each: one at a time, so that two cores suffice.</summary>
[CollectionDefinition(Name)]
public sealed class FaultSuites
{
    public const string Name = "Faults";
}
