using System.Globalization;
using System.Text;
using UsageLedger.Recording;

namespace UsageLedger.Reconciling;

/// <summary>Numbers as texts, and sums that keep every digit or are refused.</summary>
internal static class Numbers
{
    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Text(decimal number) => ExactDecimal.ToText(number);

    /// <exception cref="OverflowException">It has more digits than there are.</exception>
    public static decimal Of(string text) =>
        ExactDecimal.Read(Encoding.UTF8.GetBytes(text), out var number) == DecimalReading.Exact
            ? number
            : throw new OverflowException("A sum of the ledger's has more digits than can be kept exactly.");

    /// <exception cref="OverflowException">The sum needs more digits than there are.</exception>
    public static decimal Sum(decimal left, decimal right)
    {
        var sum = left + right;
        return sum - left == right && sum - right == left ? sum : throw new OverflowException("A sum has more digits than can be kept exactly.");
    }
}
