namespace UsageLedger.Reconciling.Matching;

/// <summary>How usage is counted for lines. A report names the rule that it was made by, so that it comes to the same years later.</summary>
public static class MatchingRule
{
    /// <summary>Of reports that name none.</summary>
    public const int First = 1;

    /// <summary>A message that failed free of charge is of no line but one that names it by the vendor's id.</summary>
    public const int FailedFree = 2;

    public const int Latest = FailedFree;

    /// <summary>Whether this release can hold an invoice against the ledger by it: a report may have been made by a later one.</summary>
    public static bool IsKnown(int rule) => rule is >= First and <= Latest;
}
