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

    /// <summary>A version of the stream is gone.</summary>
    public const string EventMissing = "event_missing";

    /// <summary>The read model shows another figure.</summary>
    public const string LineDiffers = "line_differs";

    /// <summary>The totals that the close froze are others.</summary>
    public const string CloseDiffers = "close_differs";

    /// <summary>The tree had another root.</summary>
    public const string RootDiffers = "root_differs";

    /// <summary>A signed-off reconciliation stands on other figures.</summary>
    public const string ReconciliationDiffers = "reconciliation_differs";
}
