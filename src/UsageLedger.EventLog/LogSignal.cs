namespace UsageLedger.EventLog;

/// <summary>Tells waiters in this process how far something has come: the log's head, or a projection's place in it.</summary>
public sealed class LogSignal
{
    private readonly Lock gate = new();
    private TaskCompletionSource moved = NewSource();
    private long position;

    public long Position => Volatile.Read(ref position);

    /// <summary>Moves forward; an older position changes nothing.</summary>
    public void Advance(long to)
    {
        TaskCompletionSource waiters;
        lock (gate)
        {
            if (to <= position)
            {
                return;
            }

            position = to;
            waiters = moved;
            moved = NewSource();
        }

        waiters.SetResult();
    }

    /// <summary>Waits until the position is beyond <paramref name="known"/>, or the time is up.</summary>
    public async Task WaitBeyondAsync(long known, TimeSpan atMost, CancellationToken ct)
    {
        Task wait;
        lock (gate)
        {
            if (position > known)
            {
                return;
            }

            wait = moved.Task;
        }

        await Task.WhenAny(wait, Task.Delay(atMost, ct));
        ct.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
