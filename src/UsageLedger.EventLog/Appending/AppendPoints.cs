using UsageLedger.EventLog.Faults;

namespace UsageLedger.EventLog.Appending;

/// <summary>Between the statements of an append. What goes to the database in one batch has nothing between.</summary>
internal static class AppendPoints
{
    public static readonly FailPoint Queued = new("append.queued");
    public static readonly FailPoint Begun = new("append.begun");
    public static readonly FailPoint Locked = new("append.locked");
    public static readonly FailPoint Checked = new("append.checked");
    public static readonly FailPoint Planned = new("append.planned");
    public static readonly FailPoint CopyBegun = new("append.copy_begun");
    public static readonly FailPoint Copying = new("append.copying");
    public static readonly FailPoint Copied = new("append.copied");
    public static readonly FailPoint HeadMoved = new("append.head_moved");
    public static readonly FailPoint Committed = new("append.committed");
    public static readonly FailPoint Answered = new("append.answered");
    public static readonly FailPoint SequenceBegun = new("append.sequence_begun");
    public static readonly FailPoint SequenceRaised = new("append.sequence_raised");
}
