using NodaTime;
using Npgsql;

namespace UsageLedger.Cycles;

/// <summary>A row of a cycle: a line, or an adjustment if it has an origin.</summary>
internal sealed record CycleRow(
    string Provider, string Metric, string? AgentId, string Unit, string Currency, Instant? Origin, string Quantity, string Cost, long Records)
{
    public CyclePlace Place => new(Origin, Provider, Metric, AgentId ?? "", Unit, Currency);

    /// <summary>Null of a row that was not read.</summary>
    public LineQuality? Quality { get; init; }

    public CycleLine ToLine() => new(Provider, Metric, AgentId, Unit, Quantity, Cost, Currency, Records) { Quality = Quality };

    public CycleAdjustment ToAdjustment(string originCycle) =>
        new(originCycle, Provider, Metric, AgentId, Unit, Quantity, Cost, Currency, Records) { Quality = Quality };

    public static CycleRow Read(NpgsqlDataReader reader) => new(
        reader.GetString(0),
        reader.GetString(1),
        reader.GetStringOrNull(2),
        reader.GetString(3),
        reader.GetString(4),
        reader.GetInstantOrNull(5),
        reader.GetString(6),
        reader.GetString(7),
        reader.GetInt64(8))
    {
        Quality = new LineQuality(
            reader.GetInt64(8), reader.GetInt64(9), reader.GetInt64(10), reader.GetInt64(11), reader.GetInstantOrNull(12), reader.GetInstantOrNull(13),
            reader.GetInt32(14)),
    };
}

/// <summary>A row's place in the order of a cycle: lines first, then adjustments by the start of their origin.</summary>
/// <param name="AgentId">Empty for none.</param>
public sealed record CyclePlace(Instant? Origin, string Provider, string Metric, string AgentId, string Unit, string Currency);
