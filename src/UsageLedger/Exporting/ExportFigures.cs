using UsageLedger.EventLog;
using UsageLedger.EventLog.Proof;
using UsageLedger.Recording;
using UsageLedger.Replaying;

namespace UsageLedger.Exporting;

/// <summary>What all formats say in the same way.</summary>
internal static class ExportFigures
{
    /// <summary>Null while nobody knows it, which is not zero.</summary>
    public static string? Cost(LineSums sums) => sums.Pending > 0 && sums.Cost.IsZero ? null : sums.Cost.ToString();

    public static CanonicalJson Attributes(UsageRecord state)
    {
        var json = new CanonicalJsonWriter().StartObject();
        foreach (var (name, value) in state.Attributes)
        {
            json.Member(name, value);
        }

        return json.EndObject().Take();
    }
}
