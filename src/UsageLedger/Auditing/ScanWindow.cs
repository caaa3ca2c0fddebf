namespace UsageLedger.Auditing;

/// <summary>The positions that one page looks through: after &lt; position &lt;= through.</summary>
/// <param name="UpTo">Where the search ends for now; beyond <paramref name="Through"/> the next page goes on.</param>
internal readonly record struct ScanWindow(long After, long Through, long UpTo)
{
    public bool IsEmpty => Through <= After;

    public bool IsCut => Through < UpTo;
}
