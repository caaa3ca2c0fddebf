using System.Collections.Concurrent;
using System.Collections.Immutable;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.Attributing;

/// <summary>The mappings, as the log tells them now.</summary>
public sealed class MappingStore(LogReader log) : IDisposable
{
    /// <summary>Those who set mappings take turns within a process; between processes the stream's version decides.</summary>
    internal SemaphoreSlim Turn { get; } = new(1, 1);

    private readonly ConcurrentDictionary<(string Tenant, string Provider), Made> made = new();

    private readonly LatestEvents<Mapping> latest =
        new(log, EventTypes.MappingSet, stored => MappingSet.Read(stored.Data).Mapping is var mapping ? (mapping.Id, mapping) : default);

    public async Task<Mappings> LoadAsync(string tenant, string provider, CancellationToken ct)
    {
        var all = await LatestAsync(tenant, ct);
        if (made.TryGetValue((tenant, provider), out var kept) && ReferenceEquals(kept.Of, all))
        {
            return kept.Mappings;
        }

        var mine = all.Values.Select(mapping => mapping.Value).Where(mapping => mapping.Provider == provider).ToList();
        if (mine.Count == 0)
        {
            return Mappings.None;
        }

        var mappings = new Mappings(mine);
        made[(tenant, provider)] = new Made(all, mappings);
        return mappings;
    }

    internal async Task<TenantMappings> TenantAsync(string tenant, CancellationToken ct)
    {
        var all = await LatestAsync(tenant, ct);
        return new TenantMappings(all.Values.Select(mapping => mapping.Value), VersionOf(all));
    }

    /// <summary>Those who have mappings.</summary>
    internal async Task<IReadOnlyList<string>> TenantsAsync(CancellationToken ct) => [.. (await latest.AllAsync(ct)).Keys];

    internal Task<ImmutableSortedDictionary<string, Latest<Mapping>>> LatestAsync(string tenant, CancellationToken ct) => latest.OfAsync(tenant, ct);

    /// <summary>Of the tenant's stream of mappings.</summary>
    internal static long VersionOf(ImmutableSortedDictionary<string, Latest<Mapping>> mappings) =>
        mappings.IsEmpty ? 0 : mappings.Values.Max(mapping => mapping.Event.Version);

    public void Dispose() => Turn.Dispose();

    /// <summary>What was made of which state of the tenant's mappings.</summary>
    private sealed record Made(ImmutableSortedDictionary<string, Latest<Mapping>> Of, Mappings Mappings);
}
