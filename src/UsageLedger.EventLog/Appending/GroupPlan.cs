using NodaTime;

namespace UsageLedger.EventLog.Appending;

/// <summary>
/// Decides a group of requests in order, against what the log knows and what earlier requests of the group add.
/// Pure: the positions and versions it gives are true once the group's transaction commits.
/// </summary>
internal sealed class GroupPlan(long head, Instant recordedAt, StreamVersions versions, IReadOnlyDictionary<Guid, KnownEvent> known)
{
    private readonly List<PlannedEvent> events = [];
    private readonly Dictionary<Guid, int> planned = [];
    private readonly Dictionary<Guid, KnownEvent> revised = [];

    public IReadOnlyList<PlannedEvent> Events => events;

    public Instant RecordedAt => recordedAt;

    public long Head => head + events.Count;

    public AppendOutcome Add(AppendRequest request)
    {
        foreach (var expected in request.Expected ?? [])
        {
            if (versions[request.Tenant, expected.Stream] != expected.Version)
            {
                return AppendOutcome.Conflict;
            }
        }

        var outcomes = new ItemOutcome[request.Items.Count];
        for (var i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] = Decide(request, request.Items[i]);
        }

        return new AppendOutcome(false, outcomes);
    }

    private ItemOutcome Decide(AppendRequest request, AppendItem item)
    {
        if (Find(item.Key) is not { } existing)
        {
            return item.WhenNew is { } news
                ? new ItemOutcome(Decision.Accepted, Append(request, news), 1)
                : new ItemOutcome(Decision.Missing, 0, 0);
        }

        if (existing.First.Tenant != request.Tenant)
        {
            return new ItemOutcome(Decision.Missing, 0, 0);
        }

        if (item.WhenKnown is null)
        {
            return new ItemOutcome(Decision.Duplicate, existing.First.Position, 0);
        }

        var decision = item.WhenKnown(existing);
        var position = existing.Current.Position;
        foreach (var added in decision.Events)
        {
            position = Append(request, added);
        }

        return new ItemOutcome(decision.Verdict, position, decision.Events.Count);
    }

    private KnownEvent? Find(Guid key) =>
        revised.TryGetValue(key, out var latest) ? latest
        : planned.TryGetValue(key, out var index) ? new KnownEvent(events[index].AsStored(recordedAt), null)
        : known.GetValueOrDefault(key);

    private long Append(AppendRequest request, NewEvent added)
    {
        var position = head + events.Count + 1;
        planned.Add(added.Id, events.Count);
        events.Add(new PlannedEvent(added, request, position, versions.Next(request.Tenant, added.Stream)));
        if (added.Subject is { } subject && Find(subject) is { } about)
        {
            revised[subject] = about with { Latest = events[^1].AsStored(recordedAt) };
        }

        return position;
    }
}
