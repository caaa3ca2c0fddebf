using UsageLedger.EventLog.Faults;

namespace UsageLedger.EventLog.Projecting;

/// <summary>Between the statements of a projection: live, and in a rebuild.</summary>
internal static class ProjectionPoints
{
    public static readonly FailPoint Owned = new("projection.owned");
    public static readonly FailPoint Resumed = new("projection.resumed");
    public static readonly FailPoint PreparationLocked = new("projection.preparation_locked");
    public static readonly FailPoint Prepared = new("projection.prepared");
    public static readonly FailPoint Begun = new("projection.begun");
    public static readonly FailPoint Locked = new("projection.locked");
    public static readonly FailPoint EventsRead = new("projection.events_read");
    public static readonly FailPoint SessionSet = new("projection.session_set");
    public static readonly FailPoint Folded = new("projection.folded");
    public static readonly FailPoint Advanced = new("projection.advanced");
    public static readonly FailPoint Moved = new("projection.moved");
    public static readonly FailPoint Committed = new("projection.committed");
    public static readonly FailPoint RebuildBegun = new("rebuild.begun");
    public static readonly FailPoint RebuildAdvanced = new("rebuild.advanced");
    public static readonly FailPoint RebuildCommitted = new("rebuild.committed");
    public static readonly FailPoint RebuildLocked = new("rebuild.locked");
    public static readonly FailPoint RebuildCompared = new("rebuild.compared");
    public static readonly FailPoint RebuildSwapped = new("rebuild.swapped");
    public static readonly FailPoint RebuildEnded = new("rebuild.ended");
}
