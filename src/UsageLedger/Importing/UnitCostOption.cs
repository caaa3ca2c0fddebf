using System.Text;
using UsageLedger.Recording;

namespace UsageLedger.Importing;

/// <summary>A price on the command line: <c>METRIC=UNITCOST</c>.</summary>
public static class UnitCostOption
{
    /// <summary>The metric and its unit cost, or null if the text does not say both.</summary>
    public static (string Metric, decimal UnitCost)? Parse(string text)
    {
        // The last sign divides: a metric may hold one, a number cannot.
        var equals = text.LastIndexOf('=');
        return equals > 0 && ExactDecimal.Read(Encoding.UTF8.GetBytes(text[(equals + 1)..]), out var unitCost) == DecimalReading.Exact
            ? (text[..equals], unitCost)
            : null;
    }
}
