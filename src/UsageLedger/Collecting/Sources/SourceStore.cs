using UsageLedger.EventLog.Reading;

namespace UsageLedger.Collecting.Sources;

/// <summary>The configured sources, as the log tells them now.</summary>
public sealed class SourceStore(LogReader log)
{
    private readonly LatestEvents<Source> latest =
        new(log, EventTypes.SourceConfigured, stored => SourceConfigured.Read(stored).Source is var source ? (source.Id, source) : default);

    public async Task<Source?> FindAsync(string tenant, string id, CancellationToken ct) =>
        (await LatestAsync(tenant, ct)).GetValueOrDefault(id)?.Value;

    /// <summary>Those of every tenant, by tenant and id.</summary>
    public async Task<IReadOnlyList<Source>> AllAsync(CancellationToken ct) => [.. (await LatestAsync(ct)).Select(source => source.Value)];

    /// <summary>Those of every tenant, each with the event that configured it last.</summary>
    internal async Task<IEnumerable<Latest<Source>>> LatestAsync(CancellationToken ct) => (await latest.AllAsync(ct)).Values.SelectMany(tenant => tenant.Values);

    internal Task<System.Collections.Immutable.ImmutableSortedDictionary<string, Latest<Source>>> LatestAsync(string tenant, CancellationToken ct) =>
        latest.OfAsync(tenant, ct);
}
