using NodaTime;
using NodaTime.Text;

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
public sealed record InboxPlace(Instant ReceivedAt, Guid Id)
{
    /// <summary>Before all that was ever received; what lies before it the database cannot be asked for.</summary>
    private static readonly Instant First = Instant.FromUtc(2000, 1, 1, 0, 0);

    /// <summary>How callers see it.</summary>
    internal string Cursor => Answering.Cursor.Of(InstantPattern.ExtendedIso.Format(ReceivedAt), Id.ToString());

    /// <summary>The place that a cursor's values name, or null.</summary>
    internal static InboxPlace? Of(IReadOnlyList<string>? cursor) =>
        cursor is not null && InstantPattern.ExtendedIso.Parse(cursor[0]) is { Success: true, Value: var at } && at > First && Guid.TryParse(cursor[1], out var id)
            ? new InboxPlace(at, id)
            : null;
}
