using System.Text.Json.Serialization;
using NodaTime;
using UsageLedger.EventLog;

namespace UsageLedger.Auditing;

/// <summary>An event as auditors read it: with the tenant of their key, it has the same members and values as the entry that the tree stands on.</summary>
/// <param name="Timestamp">When the log took it.</param>
public sealed record AuditedEvent(
    long Position,
    Guid Id,
    string Stream,
    long Version,
    string Type,
    Instant Timestamp,
    string? CorrelationId,
    [property: JsonConverter(typeof(CanonicalJsonConverter))] CanonicalJson Data)
{
    public static AuditedEvent Of(StoredEvent stored) => new(
        stored.Position, stored.Id, stored.Stream, stored.Version, stored.Type, stored.RecordedAt, stored.CorrelationId, stored.Data);
}

/// <param name="NextCursor">Null when nothing follows now.</param>
public sealed record AuditedEvents(IReadOnlyList<AuditedEvent> Events, string? NextCursor);

/// <param name="Revisions">What was said about the event later, in order: read while it is written, however many there are.</param>
public sealed record EventHistory(AuditedEvent Event, IAsyncEnumerable<AuditedEvent> Revisions);
