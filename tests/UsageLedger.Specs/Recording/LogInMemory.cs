using NodaTime;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.Recording;

namespace UsageLedger.Specs.Recording;

/// <summary>What the log decides under its lock, without the disk: a list of events, and each item judged against it.</summary>
internal sealed class LogInMemory
{
    public const string Tenant = "acme";

    private readonly List<StoredEvent> _events = [];
    private readonly Dictionary<Guid, KnownEvent> _known = [];
    private readonly Dictionary<string, long> _versions = [];

    public IReadOnlyList<StoredEvent> Events => _events;

    public RecordingAnswer Record(params ParsedUsage[] items) => Record(new RecordUsage(Tenant, "c", items));

    public RecordingAnswer Record(RecordUsage command)
    {
        var request = RecordUsageHandler.Request(command);
        return RecordUsageHandler.Answer(command, request, Append(request));
    }

    public RecordingAnswer? Void(Guid usage, string reason = "billed by mistake")
    {
        var command = new VoidUsage(Tenant, "c", usage, reason);
        return VoidUsageHandler.Answer(command, Append(VoidUsageHandler.Request(command)));
    }

    /// <summary>Every usage as it was last told.</summary>
    public IReadOnlyList<UsageRecord> Usage() =>
        [.. _events.Select(told => UsageRecordJson.Read(UsageState.After(told).Record)).GroupBy(record => record.IdempotencyKey).Select(told => told.Last())];

    public AppendOutcome Append(AppendRequest request) => new(false, [.. request.Items.Select(item => Decide(request, item))]);

    private ItemOutcome Decide(AppendRequest request, AppendItem item)
    {
        if (!_known.TryGetValue(item.Key, out var known))
        {
            return item.WhenNew is { } news
                ? new ItemOutcome(Decision.Accepted, Add(request, news), 1)
                : new ItemOutcome(Decision.Missing, 0, 0);
        }

        var decision = item.WhenKnown!(known);
        var position = known.Current.Position;
        foreach (var added in decision.Events)
        {
            position = Add(request, added);
            _known[item.Key] = _known[item.Key] with { Latest = _events[^1] };
        }

        return new ItemOutcome(decision.Verdict, position, decision.Events.Count);
    }

    private long Add(AppendRequest request, NewEvent added)
    {
        _known.ContainsKey(added.Id).ShouldBeFalse("an event's id is unique over the log");
        var version = _versions[added.Stream] = _versions.GetValueOrDefault(added.Stream) + 1;
        var stored = new StoredEvent(
            _events.Count + 1, added.Id, request.Tenant, added.Stream, version, added.Type, Instant.FromUnixTimeSeconds(_events.Count), request.CorrelationId, added.Data);
        _events.Add(stored);
        _known[added.Id] = new KnownEvent(stored, null);
        return stored.Position;
    }
}
