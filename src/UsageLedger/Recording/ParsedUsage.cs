namespace UsageLedger.Recording;

/// <summary>What one place of a body or file held: a record, or the reasons why it is refused.</summary>
/// <param name="Record">Null if and only if there are problems.</param>
/// <param name="Revision">Other content under a known key is meant as a revision.</param>
public readonly record struct ParsedUsage(UsageRecord? Record, bool Revision, IReadOnlyList<FieldProblem> Problems)
{
    public static ParsedUsage Refused(params IReadOnlyList<FieldProblem> problems) => new(null, false, problems);
}
