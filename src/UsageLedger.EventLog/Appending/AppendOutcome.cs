namespace UsageLedger.EventLog.Appending;

/// <summary>What the log did with a request.</summary>
/// <param name="VersionConflict">A stream was not at its expected version: nothing was appended.</param>
/// <param name="Items">One for each item of the request, in its order; empty on a conflict.</param>
public sealed record AppendOutcome(bool VersionConflict, IReadOnlyList<ItemOutcome> Items)
{
    public static readonly AppendOutcome Conflict = new(true, []);
}

/// <param name="Verdict">A word of <see cref="Decision"/> or of the caller's own decision.</param>
/// <param name="Position">Of the event that holds the state answered; 0 if there is none.</param>
/// <param name="Appended">How many events the item added.</param>
public readonly record struct ItemOutcome(string Verdict, long Position, int Appended);
