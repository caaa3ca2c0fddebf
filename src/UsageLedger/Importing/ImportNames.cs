using UsageLedger.Access;
using UsageLedger.Recording;

namespace UsageLedger.Importing;

/// <summary>Names given once for a whole file are checked once, before anything is read.</summary>
public static class ImportNames
{
    /// <summary>What is wrong with them, or null.</summary>
    public static string? Problem(string tenant, string source, string? client) =>
        !TenantName.IsValid(tenant) ? $"--tenant is '{tenant}'; a tenant's name holds {TenantName.Rule}."
        : TextRules.BrokenId(source) is { } brokenSource ? $"--source is '{source}'; it {brokenSource.Message}."
        : client is not null && TextRules.BrokenId(client) is { } brokenClient ? $"--client is '{client}'; it {brokenClient.Message}."
        : null;
}
