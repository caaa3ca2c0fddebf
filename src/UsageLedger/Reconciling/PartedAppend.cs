using UsageLedger.EventLog.Appending;

namespace UsageLedger.Reconciling;

/// <summary>
/// Appends what is too large for one event: first the parts, then the event that tells them. Parts that no event tells are nothing; each
/// is known by what it holds, so that an attempt that was cut off is gone on with.
/// </summary>
internal static class PartedAppend
{
    /// <summary>Each is some hundred KiB, and a request of the log's is bounded.</summary>
    private const int PartsAtOnce = 16;

    public static async Task<ItemOutcome> RunAsync(
        LogAppender log, string tenant, string correlationId, IEnumerable<NewEvent> parts, NewEvent told, CancellationToken ct)
    {
        foreach (var some in parts.Chunk(PartsAtOnce))
        {
            await log.AppendAsync(new AppendRequest(tenant, correlationId, [.. some.Select(part => new AppendItem(part.Id, part))]), ct);
        }

        return (await log.AppendAsync(new AppendRequest(tenant, correlationId, [new AppendItem(told.Id, told)]), ct)).Items[0];
    }
}
