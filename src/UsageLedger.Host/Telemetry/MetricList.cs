namespace UsageLedger.Host.Telemetry;

/// <summary>Every metric that leaves the program; what is not listed stays here. docs/metrics.md tells what each means.</summary>
internal static class MetricList
{
    /// <summary>Those of the framework: its own meters have many more.</summary>
    public static readonly IReadOnlyList<string> OfFramework =
    [
        "http.server.request.duration", "http.server.active_requests", "kestrel.active_connections",
        "dotnet.process.memory.working_set", "dotnet.process.cpu.time", "dotnet.gc.pause.time",
    ];

    public static readonly IReadOnlyList<string> OfWork =
    [
        "ledger.append.events", "ledger.append.duration", "ledger.append.queue", "ledger.append.failures", "ledger.commit.duration",
        "ledger.projection.events", "ledger.projection.advance.duration", "ledger.http.refusals", "ledger.webhook.deliveries",
        "ledger.inbox.work.duration", "ledger.collection.runs", "ledger.collection.records", "ledger.vendor.request.duration",
    ];

    /// <summary>Read from the database twice a minute.</summary>
    public static readonly IReadOnlyList<string> OfState =
    [
        Gauges.Health, Gauges.Position, Gauges.Lag, Gauges.LagSeconds, Gauges.Stopped, Gauges.InboxItems, Gauges.InboxAge, Gauges.InboxFailing,
        Gauges.SourcesLate, Gauges.CoverageLowest, Gauges.CheckpointAge, Gauges.AnomaliesOpen, Gauges.PendingCosts, Gauges.Unattributed,
    ];

    /// <summary>Told by <c>ledger verify</c> at its end.</summary>
    public static readonly IReadOnlyList<string> OfVerify = [VerifyMetrics.Events, VerifyMetrics.Damaged, VerifyMetrics.Duration];

    public static readonly IReadOnlySet<string> All = new HashSet<string>([.. OfFramework, .. OfWork, .. OfState, .. OfVerify], StringComparer.Ordinal);

    public static readonly IReadOnlyList<string> FrameworkMeters = ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];
}
