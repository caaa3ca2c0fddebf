using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Recording;

/// <summary>A source corrected a usage. One that moves to another stream is told in both: there it leaves, here it comes.</summary>
public static class UsageRevised
{
    public const string Previous = "previous";
    public const string Current = "current";

    /// <param name="replaced">Position of the event that holds the previous state; it makes the ids, so that one state is replaced once.</param>
    public static IReadOnlyList<NewEvent> Events(Guid usage, long replaced, UsageRecord previous, UsageRecord current)
    {
        var data = new CanonicalJsonWriter().StartObject()
            .Member(Current, UsageRecordJson.Write(current))
            .Member(Previous, UsageRecordJson.Write(previous))
            .EndObject().Take();
        return previous.Stream == current.Stream
            ? [Event(usage, replaced, current.Stream, data)]
            : [Event(usage, replaced, previous.Stream, data), Event(usage, replaced, current.Stream, data)];
    }

    private static NewEvent Event(Guid usage, long replaced, string stream, CanonicalJson data) => new(
        DeterministicId.Of(EventTypes.UsageRevised, usage.ToString(), replaced.ToString(System.Globalization.CultureInfo.InvariantCulture), stream),
        stream, EventTypes.UsageRevised, data, usage);
}
