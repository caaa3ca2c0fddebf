using System.Globalization;
using Npgsql;
using UsageLedger.EventLog.Appending;
using UsageLedger.Recording;

namespace UsageLedger.Attributing;

/// <summary>Moves the unattributed usage of a tenant that its mappings claim to those whose it is.</summary>
public sealed record Reattribute(string Tenant);

/// <summary>Handles <see cref="Reattribute"/>.</summary>
public static class ReattributeHandler
{
    private const int StreamsMax = 1_000;

    /// <summary>Versions of a stream that one page looks through.</summary>
    internal const int PageVersions = 5_000;

    private const string Moved = "attributed";

    /// <summary>
    /// A page at a time: first the events, then the place behind them. Whoever dies between the two does the page again, which
    /// moves nothing twice, because what was moved is claimed already.
    /// </summary>
    /// <returns>How many usages were moved.</returns>
    public static async Task<long> Handle(Reattribute command, MappingStore store, LogAppender log, NpgsqlDataSource database, CancellationToken ct)
    {
        var mappings = await store.TenantAsync(command.Tenant, ct);
        if (mappings.Attributes.Count == 0)
        {
            return 0;
        }

        var moved = 0L;
        foreach (var behind in await ReattributionPlace.BehindAsync(database, command.Tenant, mappings.Version, StreamsMax, ct))
        {
            moved += await PassAsync(command.Tenant, behind, store, log, database, ct);
        }

        return moved;
    }

    /// <summary>Up to where the stream ended at the start; what comes later is for the next time.</summary>
    private static async Task<long> PassAsync(
        string tenant, ReattributionPlace known, MappingStore store, LogAppender log, NpgsqlDataSource database, CancellationToken ct)
    {
        var moved = 0L;
        bool isMine;
        do
        {
            var mappings = await store.TenantAsync(tenant, ct);
            var begin = known.Begin(mappings.Version);
            var next = begin with { Version = Math.Min(begin.Version + PageVersions, begin.StreamVersion) };
            var claimed = await UnattributedEvents.ClaimedAsync(database, tenant, known.Stream, begin.Version, next.Version, mappings, ct);
            moved += await MoveAsync(tenant, claimed, mappings, log, ct);
            isMine = await known.MoveAsync(database, tenant, next, ct);
            known = next;
        }
        while (isMine && known.Version < known.StreamVersion);
        return moved;
    }

    private static async Task<long> MoveAsync(
        string tenant, IReadOnlyCollection<Guid> claimed, TenantMappings mappings, LogAppender log, CancellationToken ct)
    {
        var correlation = "reattribution:" + mappings.Version.ToString(CultureInfo.InvariantCulture);
        var items = claimed.Select(usage => new AppendItem(usage, null, known => Decide(usage, known, mappings))).ToList();
        var outcome = await log.AppendAsync(new AppendRequest(tenant, correlation, items), ct);
        return outcome.Items.Count(item => item.Verdict == Moved);
    }

    /// <summary>Voided usage, and what has a client by now, stays where it is.</summary>
    internal static Decision Decide(Guid usage, KnownEvent known, TenantMappings mappings)
    {
        var state = UsageState.After(known.Current);
        if (state.IsVoided)
        {
            return new Decision(Refusals.Voided);
        }

        var record = UsageRecordJson.Read(state.Record);
        return mappings.ClaimOf(record) is { } claim
            ? new Decision(Moved, UsageAttributed.Events(usage, known.Current.Position, record, claim.Attribute(record), claim.Id))
            : new Decision(Decision.Duplicate);
    }
}
