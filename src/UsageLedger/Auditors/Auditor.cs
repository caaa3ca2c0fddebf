namespace UsageLedger.Auditors;

/// <summary>A database role that reads the reports of its tenants.</summary>
public sealed record Auditor(string Role, IReadOnlyList<string> Tenants);
