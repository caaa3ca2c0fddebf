using UsageLedger.EventLog.Appending;

namespace UsageLedger.Recording;

/// <summary>What became of one item of a request.</summary>
/// <param name="UsageId">Names the usage, whichever event holds its state; null if the item was rejected.</param>
/// <param name="Position">Of the event that holds the state answered.</param>
/// <param name="Code">Why it was not recorded, if so; of a duplicate, why what is known stays though it says something else.</param>
public readonly record struct RecordedItem(
    int Index, RecordedStatus Status, Guid? UsageId, long Position, string? Code, string? Message, IReadOnlyList<FieldProblem> Problems)
{
    public static RecordedItem Rejected(int index, IReadOnlyList<FieldProblem> problems) =>
        new(index, RecordedStatus.Rejected, null, 0, problems[0].Code, problems[0].Message, problems);

    /// <exception cref="InvalidOperationException">The log answered with a word that recording did not give it.</exception>
    public static RecordedItem From(int index, Guid usage, ItemOutcome outcome) => outcome.Verdict switch
    {
        Decision.Accepted => Held(index, RecordedStatus.Accepted, usage, outcome.Position),
        Decision.Duplicate => Held(index, RecordedStatus.Duplicate, usage, outcome.Position),
        Refusals.Overtaken => Held(index, RecordedStatus.Duplicate, usage, outcome.Position) with { Code = Refusals.Overtaken },
        UsageAppend.Revised => Held(index, RecordedStatus.Revised, usage, outcome.Position),
        Refusals.KeyReused => Held(index, RecordedStatus.Conflict, usage, outcome.Position) with
        {
            Code = Refusals.KeyReused,
            Message = "The key is in use for other content; send revision true to correct that, or another key for other usage."
        },
        Refusals.Voided => Held(index, RecordedStatus.Conflict, usage, outcome.Position) with
        {
            Code = Refusals.Voided,
            Message = "The usage was voided and cannot be revised; record it anew under another key."
        },
        _ => throw new InvalidOperationException($"The log gave the verdict {outcome.Verdict}.")
    };

    private static RecordedItem Held(int index, RecordedStatus status, Guid usage, long position) =>
        new(index, status, usage, position, null, null, []);
}

/// <summary>The five fates of an item.</summary>
public enum RecordedStatus
{
    Accepted,
    Duplicate,
    Revised,
    Conflict,
    Rejected
}
