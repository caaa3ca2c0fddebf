namespace UsageLedger.Simulators.Twilio;

/// <summary>One thing that was charged, as usage records count it.</summary>
/// <param name="Price">Positive dollars; null: not known yet.</param>
internal sealed record UsageEntry(string AccountSid, NodaTime.LocalDate Date, string Category, int Count, decimal Usage, decimal? Price);

/// <summary>A category of usage records. They nest: a parent counts what its children count, and <c>totalprice</c> counts all.</summary>
internal sealed record UsageCategory(string Name, string? Parent, string Description, string CountUnit, string UsageUnit)
{
    public static IReadOnlyList<UsageCategory> All { get; } =
    [
        new("calls", null, "Voice Minutes", "calls", "minutes"),
        new("calls-inbound", "calls", "Inbound Voice Minutes", "calls", "minutes"),
        new("calls-inbound-local", "calls-inbound", "Inbound Local Calls", "calls", "minutes"),
        new("calls-outbound", "calls", "Outbound Voice Minutes", "calls", "minutes"),
        new("failed-message-processing-fee", null, "Failed Message Processing Fee", "messages", "messages"),
        new("mms", null, "MMS", "messages", "messages"),
        new("mms-inbound", "mms", "Inbound MMS", "messages", "messages"),
        new("mms-inbound-longcode", "mms-inbound", "Inbound Long Code MMS", "messages", "messages"),
        new("mms-outbound", "mms", "Outbound MMS", "messages", "messages"),
        new("mms-outbound-longcode", "mms-outbound", "Outbound Long Code MMS", "messages", "messages"),
        new("sms", null, "SMS", "messages", "segments"),
        new("sms-inbound", "sms", "Inbound SMS", "messages", "segments"),
        new("sms-inbound-longcode", "sms-inbound", "Inbound Long Code SMS", "messages", "segments"),
        new("sms-outbound", "sms", "Outbound SMS", "messages", "segments"),
        new("sms-outbound-longcode", "sms-outbound", "Outbound Long Code SMS", "messages", "segments"),
        new("totalprice", null, "Total Price", "", "usd"),
    ];

    /// <summary>Whether an entry of the narrowest category counts here.</summary>
    public bool Has(string category)
    {
        if (Name == "totalprice")
        {
            return true;
        }

        for (var at = All.FirstOrDefault(known => known.Name == category); at is not null; at = All.FirstOrDefault(known => known.Name == at.Parent))
        {
            if (at.Name == Name)
            {
                return true;
            }
        }

        return false;
    }

    public static string Of(TwilioMessage message) =>
        message.Status == "failed" ? "failed-message-processing-fee"
        : $"{(message.Media > 0 ? "mms" : "sms")}-{(message.IsInbound ? "inbound" : "outbound")}-longcode";

    public static string Of(TwilioCall call) => call.IsInbound ? "calls-inbound-local" : "calls-outbound";
}
