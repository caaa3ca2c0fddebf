using System.Globalization;
using System.Security.Cryptography;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Cycles;

/// <summary>One hash for everything a closed cycle says: a rebuild must come to the same.</summary>
/// <remarks>Hashed is the canonical JSON of the report's adjustments and lines, every number as a string.</remarks>
public static class LinesHash
{
    /// <summary>SHA-256 in lower-case hex.</summary>
    public static string Of(CycleReport report)
    {
        var json = new CanonicalJsonWriter().StartObject().Name("adjustments").StartArray();
        foreach (var adjustment in report.Adjustments)
        {
            Line(json, adjustment.OriginCycle, adjustment.ToLine());
        }

        json.EndArray().Name("lines").StartArray();
        foreach (var line in report.Lines)
        {
            Line(json, null, line);
        }

        return Convert.ToHexStringLower(SHA256.HashData(json.EndArray().EndObject().Take().Utf8.Span));
    }

    private static void Line(CanonicalJsonWriter json, string? originCycle, CycleLine line)
    {
        json.StartObject().Name("agentId");
        _ = line.AgentId is { } agent ? json.Text(agent) : json.Null();
        json.Member("cost", line.Cost).Member("currency", line.Currency).Member("metric", line.Metric);
        if (originCycle is not null)
        {
            json.Member("originCycle", originCycle);
        }

        json.Member("provider", line.Provider)
            .Member("quantity", line.Quantity)
            .Member("records", line.Records.ToString(CultureInfo.InvariantCulture))
            .Member("unit", line.Unit)
            .EndObject();
    }
}
