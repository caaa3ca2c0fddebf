namespace UsageLedger.Inbox;

/// <summary>How work on an item ended, if not by an exception.</summary>
/// <param name="Status">Where the item stands now.</param>
/// <param name="Reason">Why it is quarantined; without personal data.</param>
/// <param name="Next">Work that follows from it, put into the inbox in the same transaction.</param>
/// <param name="Kept">The body to be kept instead of none.</param>
public sealed record InboxOutcome(string Status, string? Reason, IReadOnlyList<NewInboxItem> Next, ReadOnlyMemory<byte>? Kept)
{
    public static InboxOutcome Done(params IReadOnlyList<NewInboxItem> next) => new(InboxStatuses.Done, null, next, null);

    public static InboxOutcome DoneKeeping(ReadOnlyMemory<byte> body) => new(InboxStatuses.Done, null, [], body);

    /// <summary>No trying again will help; an operator may.</summary>
    public static InboxOutcome Quarantined(string reason, params IReadOnlyList<NewInboxItem> next) => new(InboxStatuses.Quarantined, reason, next, null);

    /// <summary>It has come a bounded way, is in no trouble, and goes on when its turn comes again.</summary>
    public static InboxOutcome GoesOn { get; } = new(InboxStatuses.Queued, null, [], null);
}
