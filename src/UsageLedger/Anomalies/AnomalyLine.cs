namespace UsageLedger.Anomalies;

/// <summary>What an anomaly is of: one line of a client's usage, told apart as in a cycle, or the runs of a source.</summary>
/// <param name="ClientId">Null for a source.</param>
/// <param name="SourceId">Null for a client's line.</param>
public sealed record AnomalyLine(
    string? ClientId, string? SourceId, string? Provider, string? Metric, string? AgentId, string? Unit, string? Currency)
{
    public static AnomalyLine OfSource(string sourceId) => new(null, sourceId, null, null, null, null, null);

    /// <summary>The stream that tells of it.</summary>
    public string Stream => SourceId is { } source ? StreamNames.OfSource(source) : StreamNames.OfAnomalies(ClientId!);

    /// <summary>By code points, so that the order of events is the same everywhere.</summary>
    public static IComparer<AnomalyLine> Order { get; } =
        Comparer<AnomalyLine>.Create((left, right) => left.Parts().Zip(right.Parts(), string.CompareOrdinal).FirstOrDefault(order => order != 0));

    internal string[] Parts() => [ClientId ?? "", SourceId ?? "", Provider ?? "", Metric ?? "", AgentId ?? "", Unit ?? "", Currency ?? ""];
}
