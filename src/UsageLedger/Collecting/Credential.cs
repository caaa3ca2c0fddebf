namespace UsageLedger.Collecting;

/// <summary>Opened credentials of a source. They live in memory for one use and print nothing.</summary>
/// <param name="Values">By the names that the collector's <see cref="CredentialForm"/> gives.</param>
public sealed record Credential(string Id, IReadOnlyDictionary<string, string> Values)
{
    public override string ToString() => $"credential {Id}";
}

/// <summary>Names that a provider's credentials have.</summary>
/// <param name="Required">Must be there.</param>
/// <param name="Optional">May be there; any other name is refused.</param>
public sealed record CredentialForm(IReadOnlyList<string> Required, IReadOnlyList<string> Optional);
