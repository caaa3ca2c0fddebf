using NodaTime;
using UsageLedger.Recording;

namespace UsageLedger.Attributing;

/// <summary>Whose the usage under a vendor's key is, in [ValidFrom, ValidTo).</summary>
/// <param name="AgentId">Stands in place of the agent that the record names; null: the record's stays.</param>
/// <param name="ValidFrom">Null: from the beginning.</param>
/// <param name="ValidTo">Null: until another day.</param>
public sealed record Mapping(
    string Id, string Provider, MappingKey Key, string ClientId, string? AgentId, Instant? ValidFrom, Instant? ValidTo)
{
    public bool IsValidAt(Instant instant) => (ValidFrom is not { } from || instant >= from) && (ValidTo is not { } to || instant < to);

    /// <summary>The record as that of the mapping's client.</summary>
    public UsageRecord Attribute(UsageRecord record) => record with { ClientId = ClientId, AgentId = AgentId ?? record.AgentId };

    /// <summary>Whether both claim usage under one key at some instant.</summary>
    public bool Overlaps(Mapping other) =>
        Provider == other.Provider && Key.Attribute == other.Key.Attribute && Key.Value == other.Key.Value
        && (ValidFrom ?? Instant.MinValue) < (other.ValidTo ?? Instant.MaxValue)
        && (other.ValidFrom ?? Instant.MinValue) < (ValidTo ?? Instant.MaxValue);
}
