using NodaTime;

namespace UsageLedger.Inbox;

/// <summary>Work to be put into the inbox.</summary>
/// <param name="Key">Unique for tenant, source and kind: put in twice it is one item.</param>
/// <param name="Body">Sealed before it is stored.</param>
public sealed record NewInboxItem(string Tenant, string Kind, string Source, string Key, string CorrelationId, ReadOnlyMemory<byte> Body);

/// <summary>An item that a worker holds.</summary>
/// <param name="Hold">Counts how often the item was taken, and never falls: with the owner it tells this hold from any other.</param>
/// <param name="Attempts">This one included; work that came further begins to count anew.</param>
public sealed record InboxItem(
    Guid Id, string Tenant, string Kind, string Source, string Key, string CorrelationId, Guid Owner, long Hold, int Attempts, Instant ReceivedAt, ReadOnlyMemory<byte> Body);
