namespace UsageLedger.EventLog.Verifying;

/// <summary>What the log is held against besides itself.</summary>
public sealed record VerifyOptions
{
    /// <summary>Types of which no list of positions is kept.</summary>
    public IReadOnlySet<string> BulkTypes { get; init; } = new HashSet<string>();

    /// <summary>Types whose events are about an earlier one and must be findable from it.</summary>
    public IReadOnlySet<string> SubjectTypes { get; init; } = new HashSet<string>();

    /// <summary>Signed notes kept outside the database.</summary>
    public IReadOnlyList<KeptCheckpoint> Kept { get; init; } = [];

    /// <summary>Public keys (PEM) that this installation made; each must be known to the database.</summary>
    public IReadOnlyList<string> TrustedKeys { get; init; } = [];
}

/// <param name="Origin">Where it was kept, as the report names it.</param>
public sealed record KeptCheckpoint(string Origin, string Note);
