using UsageLedger.Collecting.Twilio;
using UsageLedger.Recording;

namespace UsageLedger.Collecting;

/// <summary>Which Twilio call a record prices: the one thing by which the tellings of two vendors are known to be of the same telephone leg.</summary>
internal static class TelephonyLegs
{
    /// <summary>What a Retell call names its Twilio call by.</summary>
    public const string NamedSid = "twilioCallSid";

    /// <summary>What a product of a leg that was handed on to is marked by.</summary>
    public const string TransferLeg = "transferLeg";

    /// <summary>The SID, where the record is what its vendor charges of that leg; Retell names no Twilio call for a leg that it handed on to.</summary>
    public static string? SidOf(UsageRecord record) => record switch
    {
        { Provider: Providers.Retell } => record.Metric.Contains("telephony", StringComparison.Ordinal) && Find(record, TransferLeg) is null ? Find(record, NamedSid) : null,
        { Provider: Providers.Twilio } => TwilioSids.Of(record.IdempotencyKey) is { } sid && TwilioSids.IsCall(sid) ? sid : null,
        _ => null
    };

    private static string? Find(UsageRecord record, string name) => record.Attributes.Where(attribute => attribute.Name == name).Select(attribute => attribute.Value).FirstOrDefault();
}
