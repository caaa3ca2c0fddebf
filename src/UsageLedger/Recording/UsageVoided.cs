using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Recording;

/// <summary>A usage counts no longer; its key stays used for ever.</summary>
public static class UsageVoided
{
    public const string Previous = "previous";
    public const string Reason = "reason";

    /// <summary>The id is made of the usage alone: no usage can be voided twice.</summary>
    public static NewEvent Event(Guid usage, CanonicalJson previous, string reason) => new(
        DeterministicId.Of(EventTypes.UsageVoided, usage.ToString()),
        UsageRecordJson.Read(previous).Stream,
        EventTypes.UsageVoided,
        new CanonicalJsonWriter().StartObject().Member(Previous, previous).Member(Reason, reason).EndObject().Take(),
        usage);
}
