using System.Text.Json.Serialization;
using NodaTime;
using UsageLedger.Cycles.Calendar;

namespace UsageLedger.Cycles;

/// <summary>A cycle as the read models hold it at one position. Quantities and costs are texts: sums may be longer than a decimal holds.</summary>
/// <param name="Lines">Of this page; adjustments come after the last line.</param>
/// <param name="Totals">Of all lines and adjustments together, whatever the page holds; so is the quality.</param>
public sealed record CycleReport(
    string ClientId,
    CycleView Cycle,
    IReadOnlyList<CycleLine> Lines,
    IReadOnlyList<CycleAdjustment> Adjustments,
    IReadOnlyList<CycleTotal> Totals,
    CycleQuality Quality,
    long Position)
{
    /// <summary>Where the lines and adjustments go on; absent when these are all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NextCursor { get; init; }
}

/// <summary>A cycle by name, time and state.</summary>
public sealed record CycleView(string Id, Instant Start, Instant End, string TimeZone, CycleStatus Status)
{
    internal static CycleView Of(Cycle cycle, ClientCalendar calendar, Instant now, bool closed) =>
        new(cycle.Id.ToString(), cycle.Start, cycle.End, calendar.RuleAt(cycle.Start).Zone.Id, cycle.StatusAt(now, closed));
}

/// <summary>Usage of one kind in a cycle.</summary>
/// <param name="AgentId">Null: of no agent.</param>
/// <param name="Cost">The sum of the costs that are known.</param>
public sealed record CycleLine(
    string Provider, string Metric, string? AgentId, string Unit, string Quantity, string Cost, string Currency, long Records);

/// <summary>What belongs to an earlier cycle that had closed before it was recorded; its sums are signed.</summary>
/// <param name="Records">How many events made it.</param>
public sealed record CycleAdjustment(
    string OriginCycle, string Provider, string Metric, string? AgentId, string Unit, string Quantity, string Cost, string Currency, long Records)
{
    public CycleLine ToLine() => new(Provider, Metric, AgentId, Unit, Quantity, Cost, Currency, Records);
}

/// <summary>How much the figures of a cycle can be relied on.</summary>
/// <param name="Records">Usage records in the lines.</param>
/// <param name="Duplicates">Repeats that collections met; none is counted yet.</param>
/// <param name="Revised">Revisions of the cycle's usage, adjustments included.</param>
/// <param name="Voided">Voids of the cycle's usage, adjustments included.</param>
/// <param name="Late">Events booked here because their own cycle was closed.</param>
/// <param name="PendingCost">Records whose cost is not known yet.</param>
/// <param name="Unattributed">Of no client, so none of this one's.</param>
/// <param name="Coverage">The share of expected usage that was captured; null while nothing is expected.</param>
public sealed record CycleQuality(
    long Records, long Duplicates, long Revised, long Voided, long Late, long PendingCost, long Unattributed, string? Coverage);
