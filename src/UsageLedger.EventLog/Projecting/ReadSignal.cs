namespace UsageLedger.EventLog.Projecting;

/// <summary>Wakes those who wait for any projection of this process to move.</summary>
public sealed class ReadSignal
{
    private TaskCompletionSource moved = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Moved => Volatile.Read(ref moved).Task;

    public void Announce() =>
        Interlocked.Exchange(ref moved, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
}
