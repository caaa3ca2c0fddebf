namespace UsageLedger.IntegrationSpecs.Embedded;

/// <summary>These specs start and kill servers: one at a time, so that two cores suffice.</summary>
[CollectionDefinition(Name)]
public sealed class OneAtATime
{
    public const string Name = "Embedded";
}
