using System.Threading.RateLimiting;

namespace UsageLedger.EventLog.Appending;

/// <summary>A request on its way through the queue, with its caller waiting.</summary>
internal sealed class PendingAppend(AppendRequest request, RateLimitLease lease)
{
    private readonly TaskCompletionSource<AppendOutcome> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AppendRequest Request => request;

    public Task<AppendOutcome> Outcome => done.Task;

    public void Complete(AppendOutcome outcome)
    {
        lease.Dispose();
        done.TrySetResult(outcome);
    }

    public void Fail(Exception failure)
    {
        lease.Dispose();
        done.TrySetException(failure);
    }
}
