using NodaTime;
using UsageLedger.Answering;
using UsageLedger.Attributing;
using UsageLedger.EventLog.Appending;
using UsageLedger.Recording;

namespace UsageLedger.Collecting.Runs;

/// <summary>Attributes what a vendor told and records it.</summary>
public sealed class CollectedRecords(MappingStore mappings, TelephonyLinks telephony, LogAppender log, IClock clock)
{
    /// <summary>Of one append; a page may hold more.</summary>
    private const int ChunkMax = 5_000;

    /// <summary>Records what a vendor pushed; when it returns it is on disk. Told twice it is one usage.</summary>
    public Task<RecordedUsage> RecordPushedAsync(Source source, IReadOnlyList<UsageRecord> records, string correlationId, CancellationToken ct) =>
        RecordAsync(source, records, RecordingMode.Pushed, null, correlationId, ct);

    /// <summary>Records what a vendor was asked for, where it is not older than what was recorded since.</summary>
    public Task<RecordedUsage> RecordPolledAsync(Source source, AskedPage asked, string correlationId, CancellationToken ct) =>
        RecordAsync(source, asked.Page.Records, RecordingMode.Polled, asked.After, correlationId, ct);

    private async Task<RecordedUsage> RecordAsync(
        Source source, IReadOnlyList<UsageRecord> records, RecordingMode mode, long? askedAfter, string correlationId, CancellationToken ct)
    {
        var latest = clock.GetCurrentInstant() + TimeBounds.AheadMax;
        var ahead = records.Where(record => record.OccurredAt > latest).ToList();
        var claims = await mappings.LoadAsync(source.Tenant, source.Provider, ct);
        var (counts, repeated, overtaken) = (RunCounts.OfRejected(ahead.Count), new List<UsageRecord>(), new List<OvertakenRecord>());
        foreach (var chunk in records.Where(record => record.OccurredAt <= latest).Chunk(ChunkMax))
        {
            var items = Array.ConvertAll(chunk, record => new ParsedUsage(claims.Apply(record), mode, []) { AskedAfter = askedAfter });
            var answer = await RecordUsageHandler.Handle(new RecordUsage(source.Tenant, correlationId, items), log, ct);
            await CollectionPoints.ChunkRecorded.ReachAsync();
            counts += RunCounts.Of(answer);
            repeated.AddRange(answer.Items.Where(item => item.Status == RecordedStatus.Duplicate).Select(item => items[item.Index].Record!));
            overtaken.AddRange(answer.Items.Where(item => item.Code == Refusals.Overtaken).Select(item => new OvertakenRecord(chunk[item.Index].IdempotencyKey, item.Position)));
        }

        RunTelemetry.Recorded(source, counts);
        await telephony.SettleAsync(source, records, correlationId, ct);
        return new RecordedUsage(counts, [.. ahead.Select(record => new RejectedRecord(record.IdempotencyKey, "its time is ahead of the clock by more than a day"))])
        {
            Repeated = repeated,
            Overtaken = overtaken,
        };
    }
}

/// <summary>What came of records.</summary>
/// <param name="Rejected">Those that lie ahead of the clock, by their keys.</param>
public sealed record RecordedUsage(RunCounts Counts, IReadOnlyList<RejectedRecord> Rejected)
{
    /// <summary>Those that the ledger knew as they are, with whose they are.</summary>
    public IReadOnlyList<UsageRecord> Repeated { get; init; } = [];

    /// <summary>Those that say something else than was recorded since they were asked for.</summary>
    public IReadOnlyList<OvertakenRecord> Overtaken { get; init; } = [];
}

/// <summary>A record that is to be asked for again.</summary>
/// <param name="Position">Of what was recorded in the meantime.</param>
public sealed record OvertakenRecord(string IdempotencyKey, long Position);
