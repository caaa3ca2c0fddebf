using System.Diagnostics.Metrics;
using UsageLedger.Host.Health;

namespace UsageLedger.Host.Telemetry;

/// <summary>Tells the state that was read last; nothing while it is not known.</summary>
internal sealed class Gauges : IDisposable
{
    public const string Name = "UsageLedger.State";
    public const string Health = "ledger.health.status";
    public const string Position = "ledger.log.position";
    public const string Lag = "ledger.projection.lag";
    public const string LagSeconds = "ledger.projection.lag.duration";
    public const string Stopped = "ledger.projection.stopped";
    public const string InboxItems = "ledger.inbox.items";
    public const string InboxAge = "ledger.inbox.age";
    public const string InboxFailing = "ledger.inbox.failing";
    public const string SourcesLate = "ledger.sources.late";
    public const string CoverageLowest = "ledger.coverage.lowest";
    public const string CheckpointAge = "ledger.checkpoint.age";
    public const string AnomaliesOpen = "ledger.anomalies.open";
    public const string PendingCosts = "ledger.costs.pending";
    public const string Unattributed = "ledger.usage.unattributed";

    private readonly Meter meter = new(Name);

    public Gauges()
    {
        meter.CreateObservableGauge(Health, Checks, "1", "Of each check of /health/ready: 0 ready, 1 degraded, 2 unready.");
        Tell(Position, "{event}", "Events in the log.", state => [new(state.Position)]);
        Tell(Lag, "{event}", "Events that a projection has not taken yet.", state => state.Projections.Select(one => Of("ledger.projection", one.Name, one.Lag)));
        Tell(LagSeconds, "s", "Age of the oldest event that a projection has not taken yet.", state => state.Projections.Select(one => Of("ledger.projection", one.Name, Seconds(one.LagAge))));
        Tell(Stopped, "1", "1 while a projection is stopped by an event that it cannot take.", state => state.Projections.Select(one => Of("ledger.projection", one.Name, one.Stopped ? 1 : 0)));
        Tell(InboxItems, "{item}", "Items of the inbox that are not done.", state => state.Inbox.Select(one => Of("ledger.status", one.Key, one.Value)));
        Tell(InboxAge, "s", "How long the item that is longest due has waited for a worker.", state => [new(Seconds(state.InboxAge))]);
        Tell(InboxFailing, "s", "How long the oldest item that failed, and is tried again, is in the inbox.", state => [new(Seconds(state.InboxFailing))]);
        Tell(SourcesLate, "{source}", "Sources that are later than they may be.", state => state.SourcesLate.Select(one => Of("ledger.alarm", one.Key, one.Value)));
        Tell(CheckpointAge, "s", "Age of the oldest event that no signed head covers.", state => [new(Seconds(state.CheckpointAge))]);
        Tell(AnomaliesOpen, "{anomaly}", "Anomalies that are open and not acknowledged.", state => state.Anomalies.Select(one => Of("ledger.kind", one.Key, one.Value)));
        Tell(PendingCosts, "{record}", "Usage whose cost is not known yet.", state => [new(state.PendingCosts)]);
        Tell(Unattributed, "{record}", "Usage that no mapping claims.", state => [new(state.Unattributed)]);
        meter.CreateObservableGauge(CoverageLowest, Covered, "1", "Share of the last day's expected hours that are covered, of a provider's least covered source.");
    }

    /// <summary>Null while it cannot be read.</summary>
    public LedgerState? State { get; set; }

    public ReadyReport? Report { get; set; }

    /// <summary>By provider, of the source that has least.</summary>
    public IReadOnlyDictionary<string, decimal>? Coverage { get; set; }

    public void Dispose() => meter.Dispose();

    private void Tell(string name, string unit, string description, Func<LedgerState, IEnumerable<Measurement<long>>> values) =>
        meter.CreateObservableGauge(name, () => State is { } state ? values(state) : [], unit, description);

    private IEnumerable<Measurement<long>> Checks() => Report?.Checks.Select(check => Of(
        "ledger.check", check.Name, check.Status switch { Readiness.Ready => 0, Readiness.Degraded => 1, _ => 2 })) ?? [];

    private IEnumerable<Measurement<double>> Covered() =>
        Coverage?.Select(one => new Measurement<double>(decimal.ToDouble(one.Value), new KeyValuePair<string, object?>("ledger.provider", one.Key))) ?? [];

    private static Measurement<long> Of(string tag, string value, long measured) => new(measured, new KeyValuePair<string, object?>(tag, value));

    private static long Seconds(TimeSpan age) => (long)age.TotalSeconds;
}
