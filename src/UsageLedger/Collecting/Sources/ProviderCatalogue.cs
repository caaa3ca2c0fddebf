namespace UsageLedger.Collecting.Sources;

/// <summary>The providers that this host collects from.</summary>
public sealed record ProviderCatalogue(IReadOnlyList<Provider> All)
{
    /// <summary>Of every vendor that the program knows.</summary>
    public static ProviderCatalogue Whole { get; } = new(Providers.All);

    /// <summary>Null for one that nobody wrote a collector for.</summary>
    public Provider? Find(string name) => All.FirstOrDefault(provider => provider.Name == name);
}
