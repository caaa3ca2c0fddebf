using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NodaTime;
using UsageLedger.Simulators.Webhooks;

namespace UsageLedger.Simulators.Twilio;

/// <summary>Status callbacks: forms without a price, signed with the account's token over the URL and the sorted fields.</summary>
internal static class TwilioCallbacks
{
    private const int RetriesMax = 1;

    public static IEnumerable<SimWebhook> Of(TwilioMessage message)
    {
        if (message.IsInbound)
        {
            yield break;
        }

        yield return Callback(message.Account, message.Sid, "sent", message.SentAt, () => Fields(message, message.Status == "failed" ? "failed" : "sent"));
        if (message.Status is "delivered" or "undelivered")
        {
            yield return Callback(message.Account, message.Sid, message.Status, message.SentAt + Duration.FromSeconds(3), () => Fields(message, message.Status));
        }
    }

    public static IEnumerable<SimWebhook> Of(TwilioCall call) => [Callback(call.Account, call.Sid, call.Status, call.EndedAt, () => Fields(call))];

    /// <summary>Base64 of HMAC-SHA1 over the URL as called and every name and value, names in ordinal order.</summary>
    public static string Sign(string url, IEnumerable<KeyValuePair<string, string>> fields, string token)
    {
        var signed = url + string.Concat(fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => field.Key + field.Value));
#pragma warning disable CA5350 // Twilio signs with SHA-1; a simulator must too.
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(signed)));
#pragma warning restore CA5350
    }

    private static SimWebhook Callback(TwilioAccount account, string sid, string status, Instant dueAt, Func<Dictionary<string, string>> fields) =>
        new("twilio", account.Sid, $"{sid}:{status}", sid, dueAt, RetriesMax, (target, _) => Request(target, account, fields()));

    private static WebhookRequest Request(WebhookTarget target, TwilioAccount account, Dictionary<string, string> fields)
    {
        var body = string.Join('&', fields.Select(field => $"{Uri.EscapeDataString(field.Key)}={Uri.EscapeDataString(field.Value)}"));
        return new WebhookRequest(
            "application/x-www-form-urlencoded; charset=UTF-8", Encoding.UTF8.GetBytes(body),
            "X-Twilio-Signature", Sign(target.Url.OriginalString, fields, target.Secret ?? account.AuthToken));
    }

    private static Dictionary<string, string> Fields(TwilioMessage message, string status)
    {
        var fields = new Dictionary<string, string>
        {
            ["SmsSid"] = message.Sid, ["SmsStatus"] = status, ["MessageStatus"] = status, ["To"] = message.Caller.Number, ["MessageSid"] = message.Sid,
            ["AccountSid"] = message.Account.Sid, ["From"] = message.Number, ["ApiVersion"] = TwilioWire.Version,
        };
        if (message.ErrorCode is { } error)
        {
            fields["ErrorCode"] = error.ToString(CultureInfo.InvariantCulture);
        }

        return fields;
    }

    private static Dictionary<string, string> Fields(TwilioCall call)
    {
        var fields = new Dictionary<string, string>
        {
            ["CallSid"] = call.Sid, ["AccountSid"] = call.Account.Sid, ["From"] = call.IsInbound ? call.Caller.Number : call.Number,
            ["To"] = call.IsInbound ? call.Number : call.Caller.Number, ["CallStatus"] = call.Status, ["ApiVersion"] = TwilioWire.Version,
            ["Direction"] = call.Direction, ["CallDuration"] = call.Seconds.ToString(CultureInfo.InvariantCulture),
            ["Duration"] = call.Minutes.ToString(CultureInfo.InvariantCulture), ["Timestamp"] = TwilioWire.Time(call.EndedAt),
            ["CallbackSource"] = "call-progress-events", ["SequenceNumber"] = "3",
        };
        if (call.Parent is { } parent)
        {
            fields["ParentCallSid"] = parent;
        }

        return fields;
    }
}
