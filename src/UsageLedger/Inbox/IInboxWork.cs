namespace UsageLedger.Inbox;

/// <summary>The work of one kind of item. It may be done twice: whatever it leaves must be known by its keys.</summary>
public interface IInboxWork
{
    string Kind { get; }

    /// <exception cref="Collecting.VendorException">It cannot be done now; it will be tried again.</exception>
    Task<InboxOutcome> DoAsync(InboxItem item, CancellationToken ct);
}
