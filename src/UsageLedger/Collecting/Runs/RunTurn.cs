using System.Diagnostics;
using UsageLedger.Inbox;

namespace UsageLedger.Collecting.Runs;

/// <summary>One worker's time with a run.</summary>
internal sealed class RunTurn(InboxItem item, RunPlace run, Source source, RunState state, long started)
{
    private readonly long elapsedBefore = state.ElapsedMs;

    public InboxItem Item => item;

    public RunPlace Run => run;

    public Source Source => source;

    public RunState State { get; set; } = state;

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(started);

    /// <summary>The state with the time that went by until now, other workers' turns included.</summary>
    public RunState Timed() => State with { ElapsedMs = elapsedBefore + (long)Elapsed.TotalMilliseconds };
}
