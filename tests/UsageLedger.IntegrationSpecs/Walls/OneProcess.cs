namespace UsageLedger.IntegrationSpecs.Walls;

/// <summary>Specs that change what the whole process has, its environment and its console: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OneProcess
{
    public const string Name = "one process";
}
