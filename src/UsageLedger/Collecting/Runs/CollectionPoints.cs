using UsageLedger.EventLog.Faults;

namespace UsageLedger.Collecting.Runs;

/// <summary>Between the statements of a run, of a fetch and of a delivery.</summary>
internal static class CollectionPoints
{
    public static readonly FailPoint WindowKept = new("collection.window_kept");
    public static readonly FailPoint Started = new("collection.started");
    public static readonly FailPoint Opened = new("collection.opened");
    public static readonly FailPoint Asked = new("collection.asked");
    public static readonly FailPoint ChunkRecorded = new("collection.chunk_recorded");
    public static readonly FailPoint PageRecorded = new("collection.page_recorded");
    public static readonly FailPoint PageFollowed = new("collection.page_followed");
    public static readonly FailPoint PageKept = new("collection.page_kept");
    public static readonly FailPoint WindowDone = new("collection.window_done");
    public static readonly FailPoint PendingAsked = new("collection.pending_asked");
    public static readonly FailPoint Completed = new("collection.completed");
    public static readonly FailPoint FetchRecorded = new("collection.fetch_recorded");
    public static readonly FailPoint DeliveryRead = new("collection.delivery_read");
    public static readonly FailPoint DeliveryRecorded = new("collection.delivery_recorded");
}
