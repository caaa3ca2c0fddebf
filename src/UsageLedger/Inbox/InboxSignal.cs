namespace UsageLedger.Inbox;

/// <summary>Wakes this process's workers: something was put into the inbox, or a worker has become free.</summary>
public sealed class InboxSignal
{
    private TaskCompletionSource raised = New();

    public Task Raised => Volatile.Read(ref raised).Task;

    public void Raise() => Interlocked.Exchange(ref raised, New()).SetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
