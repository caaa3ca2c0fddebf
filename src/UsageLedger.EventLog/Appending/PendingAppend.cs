using System.Diagnostics;
using System.Threading.RateLimiting;
using UsageLedger.EventLog.Telemetry;

namespace UsageLedger.EventLog.Appending;

/// <summary>A request on its way through the queue, with its caller waiting.</summary>
internal sealed class PendingAppend(AppendRequest request, RateLimitLease lease)
{
    private readonly TaskCompletionSource<AppendOutcome> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int weight = LogTelemetry.Enter(request.Weight);

    public AppendRequest Request => request;

    /// <summary>The span that waits for this, without what its caller said of his own trace; none if nobody traces.</summary>
    public ActivityContext Caller { get; } = Activity.Current is { } span ? new ActivityContext(span.TraceId, span.SpanId, span.ActivityTraceFlags) : default;

    public Task<AppendOutcome> Outcome => done.Task;

    public void Complete(AppendOutcome outcome)
    {
        Leave();
        done.TrySetResult(outcome);
    }

    public void Fail(Exception failure)
    {
        Leave();
        done.TrySetException(failure);
    }

    private void Leave()
    {
        LogTelemetry.Queued.Add(-weight);
        lease.Dispose();
    }
}
