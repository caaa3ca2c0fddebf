using UsageLedger.EventLog.Faults;

namespace UsageLedger.Inbox;

/// <summary>Between the statements of the inbox.</summary>
internal static class InboxPoints
{
    public static readonly FailPoint Adding = new("inbox.adding");
    public static readonly FailPoint Added = new("inbox.added");
    public static readonly FailPoint Claimed = new("inbox.claimed");
    public static readonly FailPoint Worked = new("inbox.worked");
    public static readonly FailPoint Ending = new("inbox.ending");
    public static readonly FailPoint Marked = new("inbox.marked");
    public static readonly FailPoint Followed = new("inbox.followed");
    public static readonly FailPoint Ended = new("inbox.ended");
    public static readonly FailPoint Saving = new("inbox.saving");
    public static readonly FailPoint Saved = new("inbox.saved");
    public static readonly FailPoint DropHeld = new("inbox.drop_held");
    public static readonly FailPoint DropTold = new("inbox.drop_told");
    public static readonly FailPoint Dropped = new("inbox.dropped");
    public static readonly FailPoint DropEnded = new("inbox.drop_ended");
}
