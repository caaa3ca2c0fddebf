using System.Globalization;
using System.Text;
using NodaTime;
using UsageLedger.Attributing;
using UsageLedger.Collecting;
using UsageLedger.Receiving;

namespace UsageLedger.IntegrationSpecs.Collecting.FourthVendor;

/// <summary>How the fax bureau's webhooks are read: <c>sent ID PRICE TO</c> or <c>changed ID</c>, with the secret in a header.</summary>
internal sealed class FaxWebhooks(FaxBureau bureau) : IWebhookReader
{
    public const string Header = "x-fax-secret";

    public string SignatureHeader => Header;

    public int BytesMax => 64 * 1024;

    public bool MayBeSigned(WebhookDelivery head, Source source, IReadOnlyList<Credential> credentials, Instant now) => IsSigned(head, source, credentials, now);

    public bool IsSigned(WebhookDelivery delivery, Source source, IReadOnlyList<Credential> credentials, Instant now) =>
        delivery.Headers.TryGetValue(Header, out var secret) && credentials.Any(credential => credential.Values["secret"] == secret);

    public WebhookReading Read(WebhookDelivery delivery, Source source, NumberHash numbers) =>
        Encoding.UTF8.GetString(delivery.Body.Span).Split(' ') switch
        {
            ["sent", var id, var price, ..] => new WebhookReading(
                [FaxCollector.Normalise(source, bureau.Faxes[id] with { Price = price == "-" ? null : decimal.Parse(price, CultureInfo.InvariantCulture) })], [], null),
            ["changed", var id] => new WebhookReading([], [id], null),
            ["mixed", var id, var announced] => new WebhookReading(
                [FaxCollector.Normalise(source, bureau.Faxes[id])], [announced], "not_normalised: A part of it is of no kind that is known."),
            ["hello"] => WebhookReading.Nothing,
            _ => WebhookReading.Unusable("unknown_event: The event is of no kind that is known."),
        };
}
