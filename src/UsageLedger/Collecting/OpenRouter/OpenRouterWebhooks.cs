using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NodaTime;
using UsageLedger.Attributing;
using UsageLedger.Receiving;

namespace UsageLedger.Collecting.OpenRouter;

/// <summary>OpenRouter's broadcasts. It signs nothing: the secret that it was told to send is all that shows it is OpenRouter.</summary>
public sealed class OpenRouterWebhooks : IWebhookReader
{
    private const string Scheme = "Bearer ";

    /// <inheritdoc/>
    public string SignatureHeader => "authorization";

    /// <summary>Many generations, prompts among them unless privacy mode is on.</summary>
    public int BytesMax => 4 * 1024 * 1024;

    /// <summary>The headers say all.</summary>
    public bool MayBeSigned(WebhookDelivery head, Source source, IReadOnlyList<Credential> credentials, Instant now) => IsSigned(head, source, credentials, now);

    /// <inheritdoc/>
    public bool IsSigned(WebhookDelivery delivery, Source source, IReadOnlyList<Credential> credentials, Instant now)
    {
        var given = delivery.Headers.GetValueOrDefault("authorization") ?? "";
        if (!given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        // Hashes are as long as each other whatever the secrets are.
        var hash = Hash(given[Scheme.Length..].Trim());
        var good = false;
        foreach (var credential in credentials)
        {
            good |= credential.Values.TryGetValue(OpenRouterCollector.WebhookSecret, out var secret) && secret.Length > 0
                && CryptographicOperations.FixedTimeEquals(hash, Hash(secret));
        }

        return good;
    }

    /// <inheritdoc/>
    public WebhookReading Read(WebhookDelivery delivery, Source source, NumberHash numbers)
    {
        if (delivery.Body.IsEmpty)
        {
            return WebhookReading.Nothing;
        }

        try
        {
            using var document = VendorJson.Parse(delivery.Body);
            return Read(document.RootElement, source);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return WebhookReading.Unusable("the body is not JSON");
        }
    }

    private static WebhookReading Read(JsonElement body, Source source)
    {
        if (body.Member("resourceSpans") is not { ValueKind: JsonValueKind.Array })
        {
            return body is { ValueKind: JsonValueKind.Object } && !body.EnumerateObject().Any()
                ? WebhookReading.Nothing
                : WebhookReading.Unusable("there are no resourceSpans in it");
        }

        var made = new Normalised();
        var unpriced = Broadcasts.Take(body, source, made);
        return made is { Records.Count: 0, Rejected.Count: 0 }
            ? Broadcasts.SpansOf(body).Any() ? WebhookReading.Unusable("there is no generation in it") : WebhookReading.Nothing
            : made.ToReading(unpriced);
    }

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
