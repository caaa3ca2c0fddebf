using NodaTime;
using UsageLedger.Collecting.Sources;
using UsageLedger.Inbox;

namespace UsageLedger.Collecting.Runs;

/// <summary>Wants a source's usage collected: a run is put into the inbox.</summary>
/// <param name="From">Null: from before the source's cursor, by its look-back.</param>
/// <param name="To">Null, or later than now: to the moment when the run starts.</param>
public sealed record CollectUsage(string Tenant, string CorrelationId, string SourceId, Instant? From, Instant? To)
{
    /// <summary>What makes it one run however often it is asked for; null: each asking wants a run of its own.</summary>
    public string? Key { get; init; }
}

/// <summary>Handles <see cref="CollectUsage"/>.</summary>
public static class CollectUsageHandler
{
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
