using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using UsageLedger.Cycles;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.IntegrationSpecs.Cycles;

/// <summary>The hash of a closed cycle as the contract words it, made of the report alone.</summary>
internal static class ReportHash
{
    public static string Of(CycleReport report)
    {
        var told = JsonSerializer.SerializeToUtf8Bytes(new
        {
            adjustments = report.Adjustments.Select(adjustment => Line(adjustment.ToLine(), adjustment.OriginCycle)),
            lines = report.Lines.Select(line => Line(line, null)),
        });
        return Convert.ToHexStringLower(SHA256.HashData(CanonicalJsonReader.Canonicalise(told).Utf8.Span));
    }

    private static Dictionary<string, string?> Line(CycleLine line, string? originCycle)
    {
        var told = new Dictionary<string, string?>
        {
            ["agentId"] = line.AgentId, ["cost"] = line.Cost, ["currency"] = line.Currency, ["metric"] = line.Metric, ["provider"] = line.Provider,
            ["quantity"] = line.Quantity, ["records"] = line.Records.ToString(CultureInfo.InvariantCulture), ["unit"] = line.Unit,
        };
        if (originCycle is not null)
            told["originCycle"] = originCycle;
        return told;
    }
}
