using System.Globalization;
using NodaTime;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Anomalies;

/// <summary>Says in one sentence what was expected, what came and by how much that is off.</summary>
public static class AnomalySentence
{
    private const string Plain = "0.############################";

    public static string Opened(AnomalyLine line, Finding found, Instant hour)
    {
        var when = $"from {Rfc3339.Format(Since(found, hour))} to {Rfc3339.Format(hour + Duration.FromHours(1))}";
        var off = $"{Number(Math.Abs(found.Came - found.Expected))} {(found.Came > found.Expected ? "more" : "less")}{Percent(found)}";
        return found.Kind == AnomalyKinds.PriceDrift
            ? $"{Of(line)}: {when} 1 {line.Unit} was expected to cost {Number(found.Expected)} {line.Currency} and cost {Number(found.Came)}, {off}."
            : $"{Of(line)}: {when} {Number(found.Expected)} {Measure(line, found.Kind)} were expected and {Number(found.Came)} came, {off}.";
    }

    public static string Resolved(AnomalyLine line, string kind, Instant since, Instant hour, bool hasLasted) => hasLasted
        ? $"{Of(line)}: the {kind.Replace('_', ' ')} since {Rfc3339.Format(since)} has lasted so long that the weeks before {Rfc3339.Format(hour)} are like it."
        : $"{Of(line)}: the {kind.Replace('_', ' ')} since {Rfc3339.Format(since)} is over; the hour from {Rfc3339.Format(hour)} on is as it should be.";

    /// <summary>When the first of the hours begins that show it together.</summary>
    public static Instant Since(Finding found, Instant hour) => hour - Duration.FromHours(found.Hours - 1);

    internal static string Number(decimal number) => number.ToString(Plain, CultureInfo.InvariantCulture);

    private static string Of(AnomalyLine line) => line.SourceId is { } source
        ? $"Source {source}"
        : $"{line.ClientId}, {line.Provider} {line.Metric} of {(line.AgentId is { } agent ? $"agent {agent}" : "no agent")}";

    private static string Measure(AnomalyLine line, string kind) => kind switch
    {
        AnomalyKinds.DuplicateStorm => "duplicates",
        AnomalyKinds.LateBurst => "late records",
        _ => line.Unit!,
    };

    private static string Percent(Finding found) => found.Expected == 0
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $" ({Math.Round((found.Came - found.Expected) * 100 / Math.Abs(found.Expected), 0):+0;-0;0} %)");
}
