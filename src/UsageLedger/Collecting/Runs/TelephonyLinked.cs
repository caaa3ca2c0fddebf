using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Collecting.Runs;

/// <summary>A call of a Retell source has a price of a telephone leg, and names the Twilio call that the leg is.</summary>
/// <param name="SourceId">Of the Retell source.</param>
internal sealed record TelephonyLinked(string SourceId, string CallId, string CallSid)
{
    /// <summary>By what the Twilio call is known, so that its telling finds the Retell call.</summary>
    public static Guid IdOf(string tenant, string sourceId, string callSid) => DeterministicId.Of(EventTypes.TelephonyLinked, tenant, sourceId, callSid);

    public NewEvent ToEvent(string tenant) => new(
        IdOf(tenant, SourceId, CallSid), StreamNames.OfSource(SourceId), EventTypes.TelephonyLinked,
        new CanonicalJsonWriter().StartObject().Member("callId", CallId).Member("callSid", CallSid).Member("sourceId", SourceId).EndObject().Take());
}
