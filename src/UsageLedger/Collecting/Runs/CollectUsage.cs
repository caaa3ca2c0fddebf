using NodaTime;
using UsageLedger.Collecting.Sources;
using UsageLedger.Inbox;

namespace UsageLedger.Collecting.Runs;

/// <summary>Wants a source's usage collected: a run is put into the inbox.</summary>
/// <param name="From">Null: from before the source's cursor, by its look-back.</param>
/// <param name="To">Null, or later than now: to the moment when the run starts.</param>
public sealed record CollectUsage(string Tenant, string CorrelationId, string SourceId, Instant? From, Instant? To)
{
    /// <summary>Of one run, for it proves each hour of its window; who wants more asks for parts.</summary>
    public static readonly Duration WindowMax = Duration.FromDays(400);

    /// <summary>Runs of a source that may wait.</summary>
    public const int WaitingMax = 500;

    /// <summary>The rule that where it begins breaks, or null.</summary>
    public static string? Broken(Instant? from, Instant? to, Instant now) => from is { } start && EndOf(to, now) - start > WindowMax
        ? $"must be at most {(int)WindowMax.TotalDays} days before to, or before now if that is earlier; collect a longer time in parts"
        : null;

    /// <summary>A time as windows that a run may have, one after another.</summary>
    public static IReadOnlyList<(Instant? From, Instant? To)> Parts(Instant? from, Instant? to, Instant now)
    {
        var parts = new List<(Instant?, Instant?)>();
        for (; Broken(from, to, now) is not null; from += WindowMax)
        {
            parts.Add((from, from + WindowMax));
        }

        return [.. parts, (from, to)];
    }

    private static Instant EndOf(Instant? to, Instant now) => to is { } end && end < now ? end : now;

    /// <summary>What makes it one run however often it is asked for; null: each asking wants a run of its own.</summary>
    public string? Key { get; init; }
}

/// <summary>Handles <see cref="CollectUsage"/>.</summary>
public static class CollectUsageHandler
{
    /// <summary>How many more runs of the source may wait.</summary>
    public static async Task<int> RoomAsync(string tenant, string sourceId, InboxStore inbox, CancellationToken ct) =>
        CollectUsage.WaitingMax - await inbox.WaitingAsync(tenant, sourceId, InboxKinds.Collect, CollectUsage.WaitingMax, ct);

    /// <summary>The run's id; null if the tenant has no such source.</summary>
    public static async Task<Guid?> Handle(CollectUsage command, SourceStore sources, InboxStore inbox, CancellationToken ct)
    {
        if (await sources.FindAsync(command.Tenant, command.SourceId, ct) is null)
        {
            return null;
        }

        var item = new NewInboxItem(
            command.Tenant, InboxKinds.Collect, command.SourceId, command.Key ?? $"asked:{Guid.NewGuid():N}", command.CorrelationId,
            RunState.Asked(command.From, command.To).ToBytes());
        return (await inbox.AddAsync(item, ct)).Id;
    }
}
