using NodaTime;

namespace UsageLedger.Inbox;

/// <summary>Work to be put into the inbox.</summary>
/// <param name="Key">Unique for tenant, source and kind: put in twice it is one item.</param>
/// <param name="Body">Sealed before it is stored.</param>
public sealed record NewInboxItem(string Tenant, string Kind, string Source, string Key, string CorrelationId, ReadOnlyMemory<byte> Body);

/// <summary>An item that a worker holds.</summary>
/// <param name="Attempts">This one included. With the owner it tells this hold from any other.</param>
public sealed record InboxItem(
    Guid Id, string Tenant, string Kind, string Source, string Key, string CorrelationId, Guid Owner, int Attempts, Instant ReceivedAt, ReadOnlyMemory<byte> Body);
