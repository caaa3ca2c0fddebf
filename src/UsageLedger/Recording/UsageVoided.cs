using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Recording;

/// <summary>A usage counts no longer; its key stays used for ever.</summary>
public static class UsageVoided
{
    public const string AsSent = "asSent";
    public const string Previous = "previous";
    public const string Reason = "reason";

    /// <summary>The id is made of the usage alone: no usage can be voided twice.</summary>
    public static NewEvent Event(Guid usage, UsageState previous, string reason)
    {
        var json = new CanonicalJsonWriter().StartObject();
        if (previous.AsSent is { } asSent)
        {
            json.Member(AsSent, asSent);
        }

        return new NewEvent(
            DeterministicId.Of(EventTypes.UsageVoided, usage.ToString()),
            UsageRecordJson.Read(previous.Record).Stream,
            EventTypes.UsageVoided,
            json.Member(Previous, previous.Record).Member(Reason, reason).EndObject().Take(),
            usage);
    }
}
