using NodaTime;
using UsageLedger.Attributing;
using UsageLedger.Receiving;

namespace UsageLedger.Collecting.Twilio;

/// <summary>Twilio's status callbacks. They tell no price, so they only say what is to be asked for.</summary>
public sealed class TwilioWebhooks : IWebhookReader
{
    public const string Header = "x-twilio-signature";

    private static readonly string[] UnderWay =
        ["queued", "accepted", "scheduled", "sending", "receiving", "initiated", "ringing", "in-progress", "answered"];

    /// <inheritdoc/>
    public string SignatureHeader => Header;

    /// <summary>A form of a few dozen fields.</summary>
    public int BytesMax => 64 * 1024;

    /// <summary>A signature of its form.</summary>
    public bool MayBeSigned(WebhookDelivery head, Source source, IReadOnlyList<Credential> credentials, Instant now) =>
        credentials.Count > 0 && TwilioSignature.HasForm(head.Headers.GetValueOrDefault(Header) ?? "");

    /// <inheritdoc/>
    public bool IsSigned(WebhookDelivery delivery, Source source, IReadOnlyList<Credential> credentials, Instant now) =>
        delivery.Headers.TryGetValue(Header, out var signature) && TwilioSignature.IsGood(
            signature, delivery.Url, FormOf(delivery), delivery.Body.Span,
            credentials.Select(credential => credential.Values.GetValueOrDefault(TwilioCollector.AuthToken)).OfType<string>().Where(token => token.Length > 0));

    /// <inheritdoc/>
    public WebhookReading Read(WebhookDelivery delivery, Source source, NumberHash numbers)
    {
        if (FormOf(delivery) is not { } form)
        {
            return WebhookReading.Unusable("the body is no form of a status callback");
        }

        string? Of(string name) => form.FirstOrDefault(parameter => parameter.Key == name).Value;

        var (message, call) = (Of("MessageSid") ?? Of("SmsSid"), Of("CallSid"));
        var status = message is not null ? Of("MessageStatus") ?? Of("SmsStatus") : Of("CallStatus");
        if (Of("UsageTriggerSid") is not null || (status is not null && UnderWay.Contains(status)))
        {
            return WebhookReading.Nothing;
        }

        var sid = message ?? call;
        return sid is null || TwilioSids.ListOf(sid) is null ? WebhookReading.Unusable("it names neither a message nor a call")
            : string.IsNullOrEmpty(status) ? WebhookReading.Unusable("it tells no status")
            : new WebhookReading([], [sid], null);
    }

    /// <summary>The parameters of a form; null: the body is something else. Without a content type a body that begins as JSON is JSON.</summary>
    private static IReadOnlyList<KeyValuePair<string, string>>? FormOf(WebhookDelivery delivery)
    {
        var body = delivery.Body.Span;
        var type = delivery.Headers.GetValueOrDefault("content-type")?.Split(';')[0].Trim();
        var isForm = string.IsNullOrEmpty(type)
            ? body.IsEmpty || body[0] is not ((byte)'{' or (byte)'[')
            : type.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) || body.IsEmpty;
        return isForm ? TwilioForm.Read(body) : null;
    }
}
