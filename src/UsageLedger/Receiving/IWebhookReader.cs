using NodaTime;
using UsageLedger.Attributing;
using UsageLedger.Collecting;

namespace UsageLedger.Receiving;

/// <summary>How one vendor's webhooks are judged and read. Pure: time and secrets come in as values.</summary>
public interface IWebhookReader
{
    /// <summary>The header, in lower case, that a signed delivery has: without it nothing else is looked at.</summary>
    string SignatureHeader { get; }

    /// <summary>The largest body that this vendor sends.</summary>
    int BytesMax { get; }

    /// <summary>Whether the vendor may have signed this, by its headers alone: only then is the body read.</summary>
    /// <param name="head">The delivery, without its body.</param>
    bool MayBeSigned(WebhookDelivery head, Source source, IReadOnlyList<Credential> credentials, Instant now);

    /// <summary>Whether the vendor signed these bytes with any of the credentials; constant in time.</summary>
    bool IsSigned(WebhookDelivery delivery, Source source, IReadOnlyList<Credential> credentials, Instant now);

    /// <summary>What a delivery that is signed says.</summary>
    WebhookReading Read(WebhookDelivery delivery, Source source, NumberHash numbers);
}
