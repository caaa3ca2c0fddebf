using NodaTime;

namespace UsageLedger.Inbox;

/// <summary>An item as operators see it: never its body.</summary>
/// <param name="NextAttemptAt">When it is tried next by itself; null when it is not.</param>
public sealed record InboxItemView(
    Guid Id, string Kind, string SourceId, string Status, int Attempts, Instant? NextAttemptAt, string? Reason, Instant ReceivedAt,
    string CorrelationId, int BodyBytes);

/// <summary>One page of items.</summary>
/// <param name="Next">The last item's place; null when nothing follows.</param>
public sealed record InboxPage(IReadOnlyList<InboxItemView> Items, InboxPlace? Next);

/// <summary>A place in the list, which is newest first.</summary>
public sealed record InboxPlace(Instant ReceivedAt, Guid Id);
