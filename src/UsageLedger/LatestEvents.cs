using System.Collections.Immutable;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Reading;

namespace UsageLedger;

/// <summary>What the latest event about something said.</summary>
/// <param name="Count">How many events of the type have been about it.</param>
internal sealed record Latest<T>(T Value, StoredEvent Event, int Count);

/// <summary>
/// The latest event of a rare type about each thing of each tenant, kept in memory. Every question first reads what the log
/// has taken since the last one, by the list of positions of the type: nothing is ever stale, and no table repeats the log.
/// </summary>
/// <param name="read">The id of what the event is about, and what it says of it.</param>
internal sealed class LatestEvents<T>(LogReader log, string type, Func<StoredEvent, (string Id, T Value)> read)
{
    private static readonly ImmutableSortedDictionary<string, Latest<T>> None = ImmutableSortedDictionary.Create<string, Latest<T>>(StringComparer.Ordinal);

    private readonly Lock gate = new();
    private State known = new(0, ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<string, Latest<T>>>(StringComparer.Ordinal));

    /// <summary>By id, in ordinal order.</summary>
    public async Task<ImmutableSortedDictionary<string, Latest<T>>> OfAsync(string tenant, CancellationToken ct) =>
        (await AllAsync(ct)).GetValueOrDefault(tenant, None);

    /// <summary>By tenant and id, in ordinal order.</summary>
    public async Task<ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, Latest<T>>>> AllAsync(CancellationToken ct)
    {
        var state = Volatile.Read(ref known);
        await foreach (var stored in log.TypesAsync([type], state.Position, long.MaxValue, ct))
        {
            state = state.With(stored, read(stored));
        }

        lock (gate)
        {
            known = state.Position > known.Position ? state : known;
        }

        return state.ByTenant;
    }

    private sealed record State(long Position, ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, Latest<T>>> ByTenant)
    {
        public State With(StoredEvent stored, (string Id, T Value) said)
        {
            var tenant = ByTenant.GetValueOrDefault(stored.Tenant, None);
            var latest = new Latest<T>(said.Value, stored, (tenant.GetValueOrDefault(said.Id)?.Count ?? 0) + 1);
            return new State(stored.Position, ByTenant.SetItem(stored.Tenant, tenant.SetItem(said.Id, latest)));
        }
    }
}
