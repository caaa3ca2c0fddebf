namespace UsageLedger.Host.Telemetry;

/// <summary>What gauges tell.</summary>
/// <param name="Inbox">Items that are not done, by status.</param>
/// <param name="InboxAge">How long the item that is longest due has waited for a worker; 0: none does.</param>
/// <param name="InboxFailing">How long the oldest item is in the inbox that has failed and is tried again; 0: none has.</param>
/// <param name="SourcesLate">By alarm.</param>
/// <param name="CheckpointAge">Of the oldest event that no signed head covers; 0: all are covered.</param>
/// <param name="Anomalies">Those that are open, by kind.</param>
internal sealed record LedgerState(
    long Position, IReadOnlyList<ProjectionState> Projections, IReadOnlyDictionary<string, long> Inbox, TimeSpan InboxAge, TimeSpan InboxFailing,
    IReadOnlyDictionary<string, int> SourcesLate, TimeSpan CheckpointAge,
    IReadOnlyDictionary<string, long> Anomalies, long PendingCosts, long Unattributed);

/// <param name="LagAge">Of the oldest event that was not taken yet.</param>
internal sealed record ProjectionState(string Name, long Lag, TimeSpan LagAge, bool Stopped);
