using NodaTime;

namespace UsageLedger.EventLog.Appending;

/// <summary>An event with its place in the order and in its stream.</summary>
internal readonly record struct PlannedEvent(NewEvent Event, AppendRequest Request, long Position, long Version)
{
    public StoredEvent AsStored(Instant recordedAt) =>
        new(Position, Event.Id, Request.Tenant, Event.Stream, Version, Event.Type, recordedAt, Request.CorrelationId, Event.Data);
}
