using NodaTime;

namespace UsageLedger.EventLog;

/// <summary>An event as the log holds it.</summary>
/// <param name="Position">Place in the one order of the whole log, dense from 1.</param>
/// <param name="Version">Place in its stream, dense from 1.</param>
/// <param name="RecordedAt">When the log took it; never earlier than the event before it.</param>
/// <param name="Data">The payload as canonical JSON.</param>
public sealed record StoredEvent(
    long Position,
    Guid Id,
    string Tenant,
    string Stream,
    long Version,
    string Type,
    Instant RecordedAt,
    string? CorrelationId,
    CanonicalJson Data);
