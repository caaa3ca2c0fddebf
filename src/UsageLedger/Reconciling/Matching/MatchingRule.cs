namespace UsageLedger.Reconciling.Matching;

/// <summary>How usage is counted for lines. A report names the rule that it was made by, so that it comes to the same years later.</summary>
public static class MatchingRule
{
    /// <summary>Of reports that name none.</summary>
    public const int First = 1;

    /// <summary>A message that failed free of charge counts nothing, but for lines that name it.</summary>
    public const int FailedFree = 2;

    public const int Latest = FailedFree;
}
