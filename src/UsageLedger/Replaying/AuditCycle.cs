using System.Text.Json.Serialization;
using NodaTime;
using UsageLedger.Cycles;

namespace UsageLedger.Replaying;

/// <summary>Makes a client's cycle anew from the log alone, and compares it with everything that tells of it.</summary>
/// <param name="Cycle">Any name of it.</param>
/// <param name="AsOf">When the log ended at this position; null: all that the read model holds.</param>
/// <param name="Now">What <c>current</c> means; nothing else depends on it.</param>
public sealed record AuditCycle(string Tenant, string ClientId, string Cycle, long? AsOf, Instant Now)
{
    /// <summary>Whether the lines are listed.</summary>
    public bool WithLines { get; init; }

    /// <summary>The number of the line whose events are listed; null: of none.</summary>
    public int? EventsOf { get; init; }

    /// <summary>Whether each listed event comes with its way to the root.</summary>
    public bool WithProofs { get; init; }

    /// <summary>What time zones are; closed cycles do not depend on it.</summary>
    public IDateTimeZoneProvider Zones { get; init; } = DateTimeZoneProviders.Tzdb;
}

/// <summary>What an audit came to. The same log gives the same bytes, whenever and wherever it is done.</summary>
/// <param name="AsOf">The position up to which the log was replayed.</param>
/// <param name="RootHash">Of the tree of so many leaves, in hex; null if the tree cannot tell.</param>
/// <param name="EventsRead">Events of the client's usage, each held against its leaf.</param>
/// <param name="EventsBooked">How many of them booked something into the cycle.</param>
/// <param name="Closed">What the close froze; null if the cycle had not been closed by then.</param>
/// <param name="LinesHash">Of the replayed lines, as a close would freeze it.</param>
/// <param name="ComparedWith">What the replay was held against: <c>leaves</c>, <c>table</c>, <c>close</c>, <c>root</c>, <c>reconciliations</c>.</param>
/// <param name="Differences">The first of them.</param>
public sealed record CycleAudit(
    string Tenant,
    string ClientId,
    AuditedCycle Cycle,
    long AsOf,
    string? RootHash,
    long EventsRead,
    long EventsBooked,
    AuditedClose? Closed,
    IReadOnlyList<CycleTotal> Totals,
    AuditedCounts Counts,
    string LinesHash,
    IReadOnlyList<string> ComparedWith,
    long DifferencesTotal,
    IReadOnlyList<AuditDifference> Differences)
{
    public const int DifferencesMax = 1_000;

    /// <summary>What was signed off for its time up to the position.</summary>
    public IReadOnlyList<AuditedReconciliation> Reconciliations { get; init; } = [];

    /// <summary>Nothing differs.</summary>
    public bool Holds => DifferencesTotal == 0;

    /// <summary>In the order of a close: adjustments, then lines; only if they were asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<AuditedLine>? Lines { get; init; }

    /// <summary>What made the line that was asked for, read while it is written, however many they are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IAsyncEnumerable<AuditedUse>? Events { get; init; }
}

/// <summary>Which time was audited; null what a changed registration leaves unknown.</summary>
public sealed record AuditedCycle(string Id, Instant? Start, Instant? End, string? TimeZone);

/// <summary>The close, as its event has it.</summary>
/// <param name="Position">Of the event.</param>
public sealed record AuditedClose(long Position, long AsOfPosition, string RootHash, string LinesHash, string? Reason, IReadOnlyList<ClosePrecondition> Overridden);

/// <summary>How many records, events and gaps the replay found.</summary>
public sealed record AuditedCounts(long Records, long Late, long Revised, long Voided, long PendingCost);

/// <summary>A replayed line, by a number to ask for its events with.</summary>
/// <param name="OriginCycle">Of an adjustment, the cycle it belongs to.</param>
public sealed record AuditedLine(
    int Number, string? OriginCycle, string Provider, string Metric, string? AgentId, string Unit, string Quantity, string Cost, string Currency, long Records);
