using System.Text.Json.Serialization;
using NodaTime;
using UsageLedger.Cycles;
using UsageLedger.Replaying;

namespace UsageLedger.Explaining;

/// <summary>Asks which usage made a line of a cycle, or several lines.</summary>
/// <param name="Cycle">Any name of it.</param>
/// <param name="Line">Which lines; members that are null do not matter.</param>
/// <param name="After">Where the page before ended; null: from the first.</param>
public sealed record ExplainCycle(string Tenant, string ClientId, string Cycle, LineFilter Line, ExplainPlace? After, int Limit, Instant Now)
{
    /// <summary>What time zones are.</summary>
    public IDateTimeZoneProvider Zones { get; init; } = DateTimeZoneProviders.Tzdb;
}

/// <summary>Which lines of a cycle are meant.</summary>
/// <param name="OfNoAgent">Only those that have no agent.</param>
/// <param name="OriginCycle">Only adjustments of this cycle.</param>
public sealed record LineFilter(
    string? Provider = null, string? Metric = null, string? AgentId = null, bool OfNoAgent = false, string? Unit = null, string? Currency = null,
    string? OriginCycle = null)
{
    /// <param name="originName">The name of the cycle that an adjustment belongs to.</param>
    internal bool Matches(LineKey key, Func<Instant, string> originName) =>
        (Provider is null || key.Provider == Provider) && (Metric is null || key.Metric == Metric)
        && (AgentId is null || key.AgentId == AgentId) && (!OfNoAgent || key.AgentId is null)
        && (Unit is null || key.Unit == Unit) && (Currency is null || key.Currency == Currency)
        && (OriginCycle is null || (key.Origin is { } origin && originName(origin) == OriginCycle));
}

/// <summary>A place in an explanation.</summary>
/// <param name="Position">What is explained is the cycle as the log had it up to here, on every page.</param>
/// <param name="Version">Of the client's stream, up to which everything was told.</param>
public sealed record ExplainPlace(long Position, long Version);

/// <summary>The usage behind lines of a cycle.</summary>
/// <param name="Lines">The lines that are explained, with what they come to; on the first page only.</param>
/// <param name="Rows">Those of all pages add up to the lines. A page may hold fewer than asked for, even none, while nextCursor says that more follow.</param>
public sealed record CycleExplanation(
    string ClientId,
    CycleView Cycle,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ExplainedLine>? Lines,
    IReadOnlyList<ExplainedRow> Rows,
    string? NextCursor,
    long Position);

/// <summary>A line, or an adjustment if it has an origin.</summary>
public sealed record ExplainedLine(
    string? OriginCycle, string Provider, string Metric, string? AgentId, string Unit, string Quantity, string Cost, string Currency, long Records);

/// <summary>What one usage makes of a line, and where it came from.</summary>
/// <param name="EventId">Of the usage: of the event that recorded it.</param>
/// <param name="IdempotencyKey">The source's own name of it.</param>
/// <param name="Quantity">What it adds to the line; of an adjustment, the difference.</param>
/// <param name="UnitCost">The price as it was last told.</param>
/// <param name="RunId">The run of a collector that brought it.</param>
/// <param name="MappingId">The mapping that made it the client's; null if the record named its client itself.</param>
public sealed record ExplainedRow(
    Guid EventId, long Position, string? OriginCycle, string Source, string IdempotencyKey, string Provider, string Metric, string? AgentId, string? ResourceId,
    string Unit, string Currency, Instant OccurredAt, Instant RecordedAt, string Quantity, string? UnitCost, string Cost, long Records, bool CostPending,
    string? CorrelationId, Guid? RunId, string? MappingId, IReadOnlyList<ExplainedEvent> History, string EventUrl, string ProofUrl);

/// <summary>One event of a usage's history.</summary>
/// <param name="Quantity">As it was from then on; of a void, what was taken.</param>
public sealed record ExplainedEvent(
    long Position, string Type, Instant RecordedAt, string? CorrelationId, string Stream, string Quantity, string? Cost, string? Reason, string? MappingId);
