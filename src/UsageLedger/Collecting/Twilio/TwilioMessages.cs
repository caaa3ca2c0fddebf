using System.Text.Json;
using NodaTime;
using UsageLedger.Attributing;
using UsageLedger.Recording;

namespace UsageLedger.Collecting.Twilio;

/// <summary>Twilio's words for a message into usage. Bodies and other people's numbers are never looked at.</summary>
internal static class TwilioMessages
{
    private static readonly string[] UnderWay = ["queued", "accepted", "scheduled", "sending", "receiving"];

    /// <summary>Twilio names prices within a day: a failed message without one after three is free.</summary>
    private static readonly Duration FeeWithin = Duration.FromDays(3);

    /// <summary>A message on its way has used nothing yet.</summary>
    /// <param name="asOf">When Twilio said so, by its own clock; null if that is not known.</param>
    public static void Take(JsonElement message, Source source, NumberHash numbers, Instant? asOf, Normalised into)
    {
        var (status, cost) = (message.Text("status"), message.Member("price"));
        if (UnderWay.Contains(status) || (status == "canceled" && cost is null))
        {
            return;
        }

        into.Take(message.Text("sid"), sid => TwilioSids.IsMessage(sid)
            ? [Record(message, sid, status, source, numbers, asOf)]
            : throw new FormatException("its sid is no message's"));
    }

    private static UsageRecord Record(JsonElement message, string sid, string? status, Source source, NumberHash numbers, Instant? asOf)
    {
        var at = TwilioFields.Time(message, "date_sent") ?? TwilioFields.Time(message, "date_created") ?? throw new FormatException("it tells no time");
        var media = sid.StartsWith("MM", StringComparison.Ordinal);
        var service = message.Text("messaging_service_sid");
        return new UsageRecord
        {
            Source = source.Id,
            IdempotencyKey = TwilioSids.KeyOfMessage(sid),
            Provider = source.Provider,
            Metric = (media ? "mms" : "sms") + (TwilioFields.IsInbound(message) ? ".inbound" : ".outbound"),
            Quantity = message.Number("num_segments") ?? 0,
            Unit = "segment",
            Cost = TwilioFields.Cost(message) ?? (status == "failed" && asOf - at > FeeWithin ? 0 : null),
            Currency = TwilioFields.Currency(message),
            ResourceId = TwilioSids.IsService(service) ? service : null,
            OccurredAt = at,
            Attributes = new AttributeList()
                .Add("messageSid", sid)
                .Add("direction", message.Text("direction"))
                .Add("status", status)
                .Add("errorCode", message.Word("error_code"))
                .Add("numMedia", message.Word("num_media") is var count and not "0" ? count : null)
                .Add(MappingKeys.Agent, TwilioSids.IsService(service) ? service : null)
                .AddOwnNumber(numbers, message)
                .ToSorted(),
        };
    }
}
