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
    string Provider, string Metric, string? AgentId, string Unit, string Quantity, string Cost, string Currency, long Records)
{
    /// <summary>Null where lines are made without it, as a replay does; reads always tell it.</summary>
    public LineQuality? Quality { get; init; }
}

/// <summary>What belongs to an earlier cycle that had closed before it was recorded; its sums are signed.</summary>
/// <param name="Records">How many events made it.</param>
public sealed record CycleAdjustment(
    string OriginCycle, string Provider, string Metric, string? AgentId, string Unit, string Quantity, string Cost, string Currency, long Records)
{
    /// <inheritdoc cref="CycleLine.Quality"/>
    public LineQuality? Quality { get; init; }

    public CycleLine ToLine() => new(Provider, Metric, AgentId, Unit, Quantity, Cost, Currency, Records) { Quality = Quality };
}

/// <summary>How much the figures of a line can be relied on.</summary>
/// <param name="Records">Usage records in it; of an adjustment events.</param>
/// <param name="PendingCost">Records whose cost is not known yet; of an adjustment less than none where it brings costs that were pending.</param>
/// <param name="FirstEventAt">The earliest occurrence that was booked in it, whatever was voided since.</param>
/// <param name="PriceChanges">How many unit prices its usage named beyond one, 31 at most; usage that names none changes nothing.</param>
public sealed record LineQuality(
    long Records, long Revised, long Voided, long PendingCost, Instant? FirstEventAt, Instant? LastEventAt, int PriceChanges);

/// <summary>
/// How much the figures of a cycle can be relied on. Duplicates, unattributed and coverage are as their own read models tell them, which may
/// stand at another position.
/// </summary>
/// <param name="Records">Usage records in the lines.</param>
/// <param name="Duplicates">Records of the client that runs met again as they were known, by UTC days that have their noon in the cycle.</param>
/// <param name="Revised">Revisions of the cycle's usage, adjustments included.</param>
/// <param name="Voided">Voids of the cycle's usage, adjustments included.</param>
/// <param name="Late">Events booked here because their own cycle was closed.</param>
/// <param name="PendingCost">Records whose cost is not known yet.</param>
/// <param name="Unattributed">Usage of the cycle's time that a mapping could still make the client's.</param>
/// <param name="Coverage">The share of the expected hours that were collected of the sources that feed the client; null while nothing is expected.</param>
public sealed record CycleQuality(
    long Records, long Duplicates, long Revised, long Voided, long Late, long PendingCost, long Unattributed, string? Coverage)
{
    /// <summary>The earliest occurrence in the lines; null of an empty cycle.</summary>
    public Instant? FirstEventAt { get; init; }

    public Instant? LastEventAt { get; init; }

    /// <summary>Of all lines together.</summary>
    public long PriceChanges { get; init; }
}
