namespace UsageLedger.Cycles;

/// <summary>What should hold before a cycle is closed.</summary>
/// <param name="Figure">What is; null while nobody can say.</param>
/// <param name="Goal">What the figure should be: at most this, or of a coverage at least.</param>
public sealed record ClosePrecondition(string Name, bool Met, string? Figure, string Goal);
