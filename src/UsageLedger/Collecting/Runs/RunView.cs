using NodaTime;

namespace UsageLedger.Collecting.Runs;

/// <summary>A run as callers see it.</summary>
/// <param name="From">Null until it starts, unless the caller named it.</param>
/// <param name="Status"><c>queued</c>, <c>running</c>, <c>completed</c>, <c>failed</c> (tried again by itself) or <c>dead</c>.</param>
public sealed record RunView(
    Guid RunId, string SourceId, Instant? From, Instant? To, string Status, long Pages, long Records, long Accepted, long Duplicates,
    long Revised, long Rejected, Instant? StartedAt, Instant? EndedAt, string? Error)
{
    public const string Queued = "queued";
    public const string Running = "running";
    public const string Completed = "completed";
    public const string Failed = "failed";
    public const string Dead = "dead";

    public static readonly string[] Statuses = [Queued, Running, Completed, Failed, Dead];

    internal static RunView Of(Guid runId, string sourceId, string status, string? error, RunState? state)
    {
        var counts = state?.Counts ?? RunCounts.None;
        return new RunView(
            runId, sourceId, state?.From ?? state?.AskedFrom, state?.To ?? state?.AskedTo, status, counts.Pages, counts.Records, counts.Accepted,
            counts.Duplicates, counts.Revised, counts.Rejected, state?.StartedAt, state?.EndedAt, error);
    }
}
