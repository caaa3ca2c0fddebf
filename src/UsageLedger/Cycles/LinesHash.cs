using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NodaTime;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Cycles;

/// <summary>One hash for everything a closed cycle says: a rebuild must come to the same.</summary>
/// <remarks>Hashed is the canonical JSON of the cycle's adjustments and lines, every number as a string; one line at a time, for they may be many.</remarks>
public static class LinesHash
{
    /// <summary>SHA-256 in lower-case hex, of a cycle's rows.</summary>
    /// <param name="rows">Adjustments before lines.</param>
    /// <param name="nameOf">The name of the cycle that starts there.</param>
    internal static async Task<string> OfAsync(IAsyncEnumerable<CycleRow> rows, Func<Instant, string> nameOf, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, "{\"adjustments\":[");
        var (lines, first) = (false, true);
        await foreach (var row in rows.WithCancellation(ct))
        {
            if (row.Origin is null && !lines)
            {
                Append(hash, "],\"lines\":[");
                (lines, first) = (true, true);
            }

            Append(hash, first ? "" : ",");
            hash.AppendData(Line(row.Origin is { } origin ? nameOf(origin) : null, row.ToLine()).Utf8.Span);
            first = false;
        }

        Append(hash, lines ? "]}" : "],\"lines\":[]}");
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, string text) => hash.AppendData(Encoding.UTF8.GetBytes(text));

    private static CanonicalJson Line(string? originCycle, CycleLine line)
    {
        var json = new CanonicalJsonWriter().StartObject().Name("agentId");
        _ = line.AgentId is { } agent ? json.Text(agent) : json.Null();
        json.Member("cost", line.Cost).Member("currency", line.Currency).Member("metric", line.Metric);
        if (originCycle is not null)
        {
            json.Member("originCycle", originCycle);
        }

        return json.Member("provider", line.Provider)
            .Member("quantity", line.Quantity)
            .Member("records", line.Records.ToString(CultureInfo.InvariantCulture))
            .Member("unit", line.Unit)
            .EndObject().Take();
    }
}
