using System.Text.Json;
using NodaTime;
using UsageLedger.Answering;

namespace UsageLedger.Collecting.Runs;

/// <summary>How far a run has come, kept in its inbox item page by page.</summary>
/// <param name="AskedFrom">Where the caller wants it to begin; null: before the source's cursor.</param>
/// <param name="AskedTo">Where the caller wants it to end; null: now.</param>
/// <param name="From">Decided when the run starts; null before that.</param>
/// <param name="Cursor">The collector's own place behind the last page that was recorded.</param>
/// <param name="WindowDone">Every page of the window is recorded; what is left are costs that are still pending.</param>
public sealed record RunState(
    Instant? AskedFrom, Instant? AskedTo, Instant? From, Instant? To, string? Cursor, bool WindowDone, RunCounts Counts, long ElapsedMs,
    Instant? StartedAt, Instant? EndedAt)
{
    public const int NotesMax = 100;

    /// <summary>How often it was begun or gone on with, over all series of tries.</summary>
    public int Tries { get; init; }

    /// <summary>Remarks on records that were taken, and what is wrong with those that cannot be asked for again, the first of them; null: there are none.</summary>
    public IReadOnlyList<RecordNote>? Notes { get; init; }

    /// <summary>What it saw, hour by hour and client by client.</summary>
    public RunTally? Tally { get; init; }

    /// <summary>Why costs that are pending could not all be asked for; null: they could.</summary>
    public string? PendingFailure { get; init; }

    /// <summary>What of the window is older was told no more when the vendor was asked; null: nothing is.</summary>
    public Instant? ProvenFrom { get; init; }

    public static RunState Asked(Instant? from, Instant? to) => new(from, to, null, null, null, false, RunCounts.None, 0, null, null);

    /// <summary>The state once the window is decided. A run overlaps the ones before by the look-back, for vendors tell late.</summary>
    public RunState Started(Instant? cursor, Duration lookBack, Instant now)
    {
        var to = AskedTo is { } asked && asked < now ? asked : now;
        var from = AskedFrom ?? Instant.Min(cursor ?? now, to) - lookBack;
        return this with { From = Instant.Min(from, to), To = to, StartedAt = now };
    }

    /// <summary>The state once its vendor has answered. A later turn may be told less, and what each turn took is not kept by day: so the least of them holds.</summary>
    /// <param name="daysTold">As <see cref="IUsageCollector.DaysTold"/>.</param>
    /// <param name="toldSince">As <see cref="CollectedPage.ToldSince"/>: what the vendor does tell is no matter of anybody's clock.</param>
    public RunState Answered(int? daysTold, Instant now, Instant? toldSince = null)
    {
        if (daysTold is not { } days)
        {
            return this;
        }

        var byDays = now.InUtc().Date.PlusDays(-days).AtMidnight().InUtc().ToInstant();
        var first = toldSince is { } told ? Instant.Min(told, byDays) : byDays;
        if (first <= From)
        {
            return this;
        }

        var proven = Instant.Min(first, To!.Value);
        return this with { ProvenFrom = ProvenFrom is { } before ? Instant.Max(before, proven) : proven };
    }

    public RunState Noted(IReadOnlyList<RecordNote> more) =>
        more.Count == 0 ? this : this with { Notes = [.. (Notes ?? []).Concat(more).Take(NotesMax)] };

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, LedgerJson.Options);

    /// <summary>Null for what is none: its seal was broken.</summary>
    public static RunState? Read(ReadOnlyMemory<byte> bytes) =>
        bytes.IsEmpty ? null : JsonSerializer.Deserialize<RunState>(bytes.Span, LedgerJson.Options);
}
