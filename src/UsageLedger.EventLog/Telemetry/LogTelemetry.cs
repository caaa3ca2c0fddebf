using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace UsageLedger.EventLog.Telemetry;

/// <summary>What the log tells of its work, to whoever listens; nobody does unless the host exports it. Names and meanings: docs/metrics.md.</summary>
public static class LogTelemetry
{
    /// <summary>Of the meter and of the source of spans.</summary>
    public const string Name = "UsageLedger.EventLog";

    public const string Correlation = "ledger.correlation_id";
    internal const string ErrorType = "error.type";
    internal const string Events = "ledger.events";
    internal const string Projection = "ledger.projection";

    internal static readonly ActivitySource Spans = new(Name);

    private static readonly Meter Meter = new(Name);

    internal static readonly Counter<long> Appended = Meter.CreateCounter<long>("ledger.append.events", "{event}", "Events appended to the log.");

    internal static readonly UpDownCounter<long> Queued =
        Meter.CreateUpDownCounter<long>("ledger.append.queue", "{event}", "Events that wait to be committed or are being committed.");

    internal static readonly Counter<long> AppendFailures =
        Meter.CreateCounter<long>("ledger.append.failures", "{request}", "Appends that failed; nothing of them is acknowledged.");

    internal static readonly Histogram<double> AppendDuration = Seconds("ledger.append.duration", "From a caller's wish to its events on disk.");

    internal static readonly Histogram<double> CommitDuration = Seconds("ledger.commit.duration", "One transaction of a group of appends.");

    internal static readonly Histogram<double> AdvanceDuration = Seconds("ledger.projection.advance.duration", "One transaction of a projection.");

    internal static readonly Counter<long> Projected = Meter.CreateCounter<long>("ledger.projection.events", "{event}", "Events that a projection has taken.");

    /// <summary>Counts a request in; whoever does so counts the same out again.</summary>
    internal static int Enter(int weight)
    {
        Queued.Add(weight);
        return weight;
    }

    internal static double SecondsSince(long started) => Stopwatch.GetElapsedTime(started).TotalSeconds;

    private static Histogram<double> Seconds(string name, string description) => Meter.CreateHistogram(
        name, "s", description, tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });
}
