using UsageLedger.Reconciling.Reports;

namespace UsageLedger.Reconciling.Matching;

/// <summary>Whether what a vendor says and what the ledger holds are the same.</summary>
internal static class Judging
{
    private const decimal Hundred = 100;

    /// <param name="ledger">Null: quantities cannot be compared, and are not.</param>
    public static bool IsQuantityWithin(this Tolerance tolerance, decimal provider, decimal? ledger) =>
        ledger is not { } held || Math.Abs(provider - held) <= Math.Abs(provider) * (tolerance.Percent / Hundred);

    public static bool IsAmountWithin(this Tolerance tolerance, decimal provider, decimal ledger) =>
        Math.Abs(provider - ledger) <= Math.Max(tolerance.Absolute, Math.Abs(provider) * (tolerance.Percent / Hundred));

    public static bool IsWithin(this Tolerance tolerance, Figures provider, Figures ledger, bool isCountable) =>
        tolerance.IsQuantityWithin(provider.Quantity, isCountable ? ledger.Quantity : null) && tolerance.IsAmountWithin(provider.Cost, ledger.Cost);

    /// <summary>What it is when it is not matched, and found at no other time either.</summary>
    public static LineStatus Differing(this Tolerance tolerance, Figures provider, Figures ledger, bool isCountable) =>
        ledger.Records == 0 && ledger.Cost == 0 ? LineStatus.MissingInLedger
        : tolerance.IsQuantityWithin(provider.Quantity, isCountable ? ledger.Quantity : null) ? LineStatus.PriceDiffers
        : LineStatus.QuantityDiffers;
}
