using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using UsageLedger.Simulators.World;

namespace UsageLedger.Simulators.Twilio;

/// <summary>Messages and calls as Twilio writes them: numbers are strings, charges negative, times RFC 2822, what does not apply is null.</summary>
internal static class TwilioWire
{
    public const string Version = "2010-04-01";
    private static readonly InstantPattern Rfc2822 = InstantPattern.CreateWithInvariantCulture("ddd, dd MMM uuuu HH:mm:ss '+0000'");

    public static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Account(string sid) => $"/{Version}/Accounts/{sid}";

    public static string Time(Instant at) => Rfc2822.Format(at);

    public static string Number(decimal number) => number.ToString("0.0####", CultureInfo.InvariantCulture);

    public static object Of(TwilioMessage message, Instant now, int changed)
    {
        var uri = $"{Account(message.Account.Sid)}/Messages/{message.Sid}";
        var price = message.Price?.At(now, changed);
        return new
        {
            account_sid = message.Account.Sid,
            api_version = Version,
            body = message.Body,
            date_created = Time(message.CreatedAt),
            date_sent = Time(message.SentAt),
            date_updated = Time(message.SentAt),
            direction = message.Direction,
            error_code = message.ErrorCode,
            error_message = message.ErrorCode is null ? null : "Message could not be delivered",
            from = message.IsInbound ? message.Caller.Number : message.Number,
            messaging_service_sid = message.ServiceSid,
            num_media = message.Media.ToString(CultureInfo.InvariantCulture),
            num_segments = SegmentsAt(message, now).ToString(CultureInfo.InvariantCulture),
            price = price is { } known ? known.ToString("0.00000", CultureInfo.InvariantCulture) : null,
            price_unit = "USD",
            sid = message.Sid,
            status = message.Status,
            subresource_uris = new { media = $"{uri}/Media.json", feedback = $"{uri}/Feedback.json" },
            to = message.IsInbound ? message.Number : message.Caller.Number,
            uri = $"{uri}.json",
        };
    }

    public static object Of(TwilioCall call, Instant now, int changed)
    {
        var uri = $"{Account(call.Account.Sid)}/Calls/{call.Sid}";
        var (from, to) = call.IsInbound ? (call.Caller.Number, call.Number) : (call.Number, call.Caller.Number);
        var price = call.Price?.At(now, changed);
        return new
        {
            account_sid = call.Account.Sid,
            answered_by = (string?)null,
            api_version = Version,
            caller_name = call.IsInbound ? call.Caller.Name : null,
            date_created = Time(call.StartedAt),
            date_updated = Time(call.EndedAt),
            direction = call.Direction,
            duration = call.Status == "completed" ? call.Seconds.ToString(CultureInfo.InvariantCulture) : "0",
            end_time = Time(call.EndedAt),
            forwarded_from = (string?)null,
            from,
            from_formatted = Phone.Formatted(from),
            group_sid = (string?)null,
            parent_call_sid = call.Parent,
            phone_number_sid = "PN" + call.Account.Sid[2..18] + call.Number[^4..].PadLeft(16, '0'),
            price = price is { } known ? known.ToString("0.00000", CultureInfo.InvariantCulture) : null,
            price_unit = "USD",
            queue_time = "0",
            sid = call.Sid,
            start_time = Time(call.StartedAt),
            status = call.Status,
            subresource_uris = new
            {
                notifications = $"{uri}/Notifications.json", recordings = $"{uri}/Recordings.json", payments = $"{uri}/Payments.json",
                events = $"{uri}/Events.json", siprec = $"{uri}/Siprec.json", streams = $"{uri}/Streams.json",
                transcriptions = $"{uri}/Transcriptions.json", user_defined_message_subscriptions = $"{uri}/UserDefinedMessageSubscriptions.json",
                user_defined_messages = $"{uri}/UserDefinedMessages.json",
            },
            to,
            to_formatted = Phone.Formatted(to),
            trunk_sid = (string?)null,
            uri = $"{uri}.json",
        };
    }

    /// <summary>A messaging service counts segments only when it sets the price.</summary>
    private static int SegmentsAt(TwilioMessage message, Instant now) =>
        message.ServiceSid is not null && message.Price is { } price && now < price.KnownAt ? 0 : message.Segments;
}
