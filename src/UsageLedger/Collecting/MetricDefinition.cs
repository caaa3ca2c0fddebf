namespace UsageLedger.Collecting;

/// <summary>A metric that a provider's records have.</summary>
/// <param name="Name">As in the records; one that ends in <c>*</c> stands for a family whose members the vendor names.</param>
/// <param name="Unit">Of the quantity.</param>
public sealed record MetricDefinition(string Name, string Unit, string Description);
