using System.Runtime.CompilerServices;
using Npgsql;
using UsageLedger.Auditing;
using UsageLedger.Clients;
using UsageLedger.Cycles.Calendar;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Reading;
using UsageLedger.Replaying;
using UsageLedger.Reporting;

namespace UsageLedger.Explaining;

/// <summary>
/// The shares of a cycle in the order of its client's stream, a page of events at a time: memory holds one page, and what was said about its
/// usages. A usage stands where it first touched a line, and once only.
/// </summary>
internal sealed class CycleShares(
    LogReader reader, NpgsqlDataSource database, string tenant, string clientId, Registration registration, Cycle cycle, long position)
{
    private readonly BookingRule rule = new(registration);
    private readonly string stream = StreamNames.OfClient(clientId);

    /// <summary>Closed, nothing after the close's position is in the cycle.</summary>
    private readonly LogAt log = new(
        reader, tenant, clientId, registration.Closed.TryGetValue(cycle.Start, out var closed) ? Math.Min(position, closed.AsOfPosition) : position);

    public long Position => position;

    /// <summary>The version before the first event that can be of the cycle.</summary>
    public async Task<long> BeginAsync(CancellationToken ct)
    {
        var first = await PositionsInTime.FirstNotBeforeAsync(database, cycle.Start - PartialQuarters.RecordedEarlierMax, position, ct);
        var places = await StreamPlaces.FindAsync(database, tenant, [stream], first - 1, 1, ct);
        return places.Versions is [var version] ? version - 1 : 0;
    }

    /// <param name="matches">Which lines are asked for.</param>
    public async IAsyncEnumerable<SharePage> AfterAsync(long afterVersion, Func<LineKey, bool> matches, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var page in log.UsageAsync(afterVersion, ct).Chunk(LogReader.PageEvents).WithCancellation(ct))
        {
            yield return new SharePage(page[^1].Version, await SharesAsync(page, matches, ct));
        }
    }

    private async Task<List<UsageShare>> SharesAsync(StoredEvent[] page, Func<LineKey, bool> matches, CancellationToken ct)
    {
        var touching = page
            .Where(stored => EventBookings.Of(stored, rule, cycle.Start).Any(line => matches(line.Key)))
            .Select(stored => (Stored: stored, Usage: stored.Type == EventTypes.UsageRecorded ? stored.Id : UnreadableEventException.Read(stored, EventSubjects.Of)))
            .Where(one => one.Usage is not null)
            .Select(one => (one.Stored, Usage: one.Usage!.Value))
            .ToList();
        var known = touching.Where(one => one.Stored.Type == EventTypes.UsageRecorded).ToDictionary(one => one.Usage, one => one.Stored);
        var histories = await new UsageHistories(database, tenant, position).LoadAsync(touching.Select(one => one.Usage).ToHashSet(), known, ct);
        return
        [
            .. from one in touching
               from share in ShareRule.Of(one.Usage, histories[one.Usage], stream, rule, cycle.Start)
               where share.Version == one.Stored.Version && matches(share.Key)
               select share,
        ];
    }
}
