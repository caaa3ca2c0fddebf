namespace UsageLedger.Replaying;

/// <summary>One place where what is shown, or was frozen, is not what the log comes to.</summary>
/// <param name="Kind">A stable word.</param>
/// <param name="At">Which line, figure or position.</param>
/// <param name="Log">What the log comes to; null: nothing.</param>
/// <param name="Found">What stands there instead; null: nothing.</param>
public sealed record AuditDifference(string Kind, string At, string? Log, string? Found)
{
    /// <summary>An event is not the one that the tree stands on.</summary>
    public const string EventChanged = "event_changed";

    /// <summary>An event does not hold what its type says, so that nothing of it is counted.</summary>
    public const string EventUnreadable = "event_unreadable";

    /// <summary>A version of the stream is gone.</summary>
    public const string EventMissing = "event_missing";

    /// <summary>The client's registration was changed, and as it is now its calendar has no such cycle.</summary>
    public const string CycleMissing = "cycle_missing";

    /// <summary>The read model shows another figure.</summary>
    public const string LineDiffers = "line_differs";

    /// <summary>The totals that the close froze are others.</summary>
    public const string CloseDiffers = "close_differs";

    /// <summary>The tree had another root.</summary>
    public const string RootDiffers = "root_differs";

    /// <summary>A signed-off reconciliation stands on other figures, or the log comes to others than it says.</summary>
    public const string ReconciliationDiffers = "reconciliation_differs";
}
