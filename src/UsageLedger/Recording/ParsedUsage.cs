namespace UsageLedger.Recording;

/// <summary>What one place of a body or file held: a record, or the reasons why it is refused.</summary>
/// <param name="Record">Null if and only if there are problems.</param>
/// <param name="Mode">What it may do where its key is known.</param>
public readonly record struct ParsedUsage(UsageRecord? Record, RecordingMode Mode, IReadOnlyList<FieldProblem> Problems)
{
    public ParsedUsage(UsageRecord? record, bool revision, IReadOnlyList<FieldProblem> problems)
        : this(record, revision ? RecordingMode.Revising : RecordingMode.Once, problems)
    {
    }

    /// <summary>Of an answer that a vendor was asked for: where the log was before it was. What was recorded since may be newer. Null: nobody was asked.</summary>
    public long? AskedAfter { get; init; }

    /// <summary>Other content under a known key is meant as a revision.</summary>
    public bool Revision => Mode == RecordingMode.Revising;

    public static ParsedUsage Refused(params IReadOnlyList<FieldProblem> problems) => new(null, RecordingMode.Once, problems);
}
