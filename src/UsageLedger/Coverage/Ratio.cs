namespace UsageLedger.Coverage;

/// <summary>Shares of a whole, 0 to 1.</summary>
internal static class Ratio
{
    private const decimal Precision = 1_000_000;

    /// <summary>Rounded down to six places, so that only all is 1; null of nothing.</summary>
    public static decimal? Of(long part, long whole) => whole == 0 ? null : decimal.Floor(part * Precision / whole) / Precision;
}
