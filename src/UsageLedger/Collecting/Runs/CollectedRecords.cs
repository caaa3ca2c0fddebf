using UsageLedger.Attributing;
using UsageLedger.EventLog.Appending;
using UsageLedger.Recording;

namespace UsageLedger.Collecting.Runs;

/// <summary>Attributes what a vendor told and records it.</summary>
public sealed class CollectedRecords(MappingStore mappings, LogAppender log)
{
    /// <summary>Of one append; a page may hold more.</summary>
    private const int ChunkMax = 5_000;

    /// <summary>Records what was polled or pushed; when it returns it is on disk. Told twice it is one usage.</summary>
    public async Task<RunCounts> RecordAsync(
        Source source, IReadOnlyList<UsageRecord> records, RecordingMode mode, string correlationId, CancellationToken ct)
    {
        var claims = await mappings.LoadAsync(source.Tenant, source.Provider, ct);
        var counts = RunCounts.None;
        foreach (var chunk in records.Chunk(ChunkMax))
        {
            var items = Array.ConvertAll(chunk, record => new ParsedUsage(claims.Apply(record), mode, []));
            counts += RunCounts.Of(await RecordUsageHandler.Handle(new RecordUsage(source.Tenant, correlationId, items), log, ct));
        }

        return counts;
    }
}
