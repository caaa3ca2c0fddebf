using System.Text.Json;
using UsageLedger.Attributing;
using UsageLedger.Recording;

namespace UsageLedger.Collecting.Twilio;

/// <summary>Twilio's words for a call, or a leg of one, into usage. Every leg is a call of its own at Twilio, with its own price.</summary>
internal static class TwilioCalls
{
    private const decimal SecondsPerMinute = 60;
    private static readonly string[] Never = ["busy", "failed", "no-answer", "canceled"];

    /// <summary>A call that never came about, and has no price, has used nothing; one under way says nothing yet.</summary>
    public static void Take(JsonElement call, Source source, NumberHash numbers, Normalised into)
    {
        var status = call.Text("status");
        if (status == "completed" || (Never.Contains(status) && call.Member("price") is not null))
        {
            into.Take(call.Text("sid"), sid => TwilioSids.IsCall(sid)
                ? [TelephonyBilling.Settle(Record(call, sid, status, source, numbers), TelephonyBiller.Twilio, TelephonyBilling.Of(source))]
                : throw new FormatException("its sid is no call's"));
        }
    }

    private static UsageRecord Record(JsonElement call, string sid, string? status, Source source, NumberHash numbers)
    {
        // It ends once and costs from then on; lists are asked by it.
        var at = TwilioFields.Time(call, "end_time") ?? TwilioFields.Time(call, "start_time") ?? TwilioFields.Time(call, "date_created")
            ?? throw new FormatException("it tells no time");
        var seconds = call.Number("duration") ?? 0;
        return new UsageRecord
        {
            Source = source.Id,
            IdempotencyKey = TwilioSids.KeyOfCall(sid),
            Provider = source.Provider,
            Metric = TwilioFields.IsInbound(call) ? "call.inbound" : "call.outbound",
            Quantity = seconds,
            Unit = "second",
            Cost = TwilioFields.Cost(call),
            Currency = TwilioFields.Currency(call),
            ResourceId = call.Text("phone_number_sid") is { Length: > 0 } number && TextRules.BrokenId(number) is null ? number : null,
            OccurredAt = at,
            Attributes = new AttributeList()
                .Add("callSid", sid)
                .Add("parentCallSid", call.Text("parent_call_sid"))
                .Add("direction", call.Text("direction"))
                .Add("status", status)
                .Add("billedMinutes", (long)decimal.Ceiling(Math.Min(seconds, int.MaxValue) / SecondsPerMinute))
                .AddOwnNumber(numbers, call)
                .ToSorted(),
        };
    }
}
