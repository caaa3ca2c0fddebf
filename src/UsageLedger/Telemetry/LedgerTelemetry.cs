using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace UsageLedger.Telemetry;

/// <summary>What the ledger tells of its work beyond the log's, to whoever listens. Names and meanings: docs/metrics.md.</summary>
/// <remarks>Tags are words of which there are few: a tenant, client or source as a tag would make a series for each of them, and tell who they are.</remarks>
public static class LedgerTelemetry
{
    /// <summary>Of the meter and of the source of spans.</summary>
    public const string Name = "UsageLedger";

    internal const string Provider = "ledger.provider";
    internal const string Outcome = "ledger.outcome";
    internal const string Kind = "ledger.kind";
    internal const string Code = "ledger.code";

    internal static readonly ActivitySource Spans = new(Name);

    private static readonly double[] Bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];

    private static readonly Meter Meter = new(Name);

    internal static readonly Counter<long> Refusals =
        Meter.CreateCounter<long>("ledger.http.refusals", "{request}", "Requests answered 429 or 503: the caller is to come again.");

    internal static readonly Counter<long> Deliveries = Meter.CreateCounter<long>("ledger.webhook.deliveries", "{delivery}", "Webhooks of known sources.");

    internal static readonly Counter<long> Runs = Meter.CreateCounter<long>("ledger.collection.runs", "{run}", "Tries at runs over a source's window.");

    internal static readonly Counter<long> Records = Meter.CreateCounter<long>("ledger.collection.records", "{record}", "Vendor records that were collected or pushed.");

    internal static readonly Histogram<double> VendorDuration = Seconds("ledger.vendor.request.duration", "One try at a request to a vendor.");

    internal static readonly Histogram<double> InboxDuration = Seconds("ledger.inbox.work.duration", "Work on one item of the inbox.");

    internal static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    internal static double SecondsSince(long started) => Stopwatch.GetElapsedTime(started).TotalSeconds;

    private static Histogram<double> Seconds(string name, string description) =>
        Meter.CreateHistogram(name, "s", description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Bounds });
}
