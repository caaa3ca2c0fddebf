using System.Globalization;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Proof;
using UsageLedger.Recording;

namespace UsageLedger.Attributing;

/// <summary>A mapping claimed usage that nobody had claimed. It is told in both streams: there it leaves, here it comes.</summary>
public static class UsageAttributed
{
    public const string Current = "current";
    public const string Mapping = "mapping";
    public const string Previous = "previous";

    /// <param name="replaced">Position of the event that holds the previous state; it makes the ids, so that one state is replaced once.</param>
    public static IReadOnlyList<NewEvent> Events(Guid usage, long replaced, UsageRecord previous, UsageRecord current, string mapping)
    {
        var data = new CanonicalJsonWriter().StartObject()
            .Member(Current, UsageRecordJson.Write(current))
            .Member(Mapping, mapping)
            .Member(Previous, UsageRecordJson.Write(previous))
            .EndObject().Take();
        return [Event(usage, replaced, mapping, previous.Stream, data), Event(usage, replaced, mapping, current.Stream, data)];
    }

    private static NewEvent Event(Guid usage, long replaced, string mapping, string stream, CanonicalJson data) => new(
        DeterministicId.Of(EventTypes.UsageAttributed, usage.ToString(), replaced.ToString(CultureInfo.InvariantCulture), mapping, stream),
        stream, EventTypes.UsageAttributed, data, usage);
}
