using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using NodaTime;
using UsageLedger.Attributing;
using UsageLedger.Receiving;

namespace UsageLedger.Collecting.Retell;

/// <summary>Retell's webhooks: signed with the API key over the body and the time in milliseconds, nothing between.</summary>
public sealed partial class RetellWebhooks : IWebhookReader
{
    public const string Header = "x-retell-signature";

    /// <summary>Within this of our clock, either way.</summary>
    private const decimal ToleranceMs = 300_000;

    private static readonly string[] SayNothing =
        ["call_started", "transcript_updated", "transfer_started", "transfer_bridged", "transfer_cancelled"];

    /// <inheritdoc/>
    public string SignatureHeader => Header;

    /// <summary>A call comes with its whole transcript.</summary>
    public int BytesMax => 4 * 1024 * 1024;

    /// <summary>A signature of its form, and of now.</summary>
    public bool MayBeSigned(WebhookDelivery head, Source source, IReadOnlyList<Credential> credentials, Instant now) =>
        credentials.Count > 0 && SignedNow(head, now) is not null;

    /// <inheritdoc/>
    public bool IsSigned(WebhookDelivery delivery, Source source, IReadOnlyList<Credential> credentials, Instant now)
    {
        if (SignedNow(delivery, now) is not { } match)
        {
            return false;
        }

        byte[] signed = [.. delivery.Body.Span, .. Encoding.ASCII.GetBytes(match.Groups[1].Value)];
        var digest = Convert.FromHexString(match.Groups[2].ValueSpan);
        var good = false;
        foreach (var credential in credentials)
        {
            good |= credential.Values.TryGetValue(RetellCollector.ApiKey, out var key)
                && CryptographicOperations.FixedTimeEquals(digest, HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), signed));
        }

        return good;
    }

    private static Match? SignedNow(WebhookDelivery head, Instant now)
    {
        var match = Signature().Match(head.Headers.GetValueOrDefault(Header) ?? "");
        return match.Success && decimal.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var signedAt)
            && Math.Abs(signedAt - now.ToUnixTimeMilliseconds()) <= ToleranceMs ? match : null;
    }

    /// <inheritdoc/>
    public WebhookReading Read(WebhookDelivery delivery, Source source, NumberHash numbers)
    {
        try
        {
            using var document = VendorJson.Parse(delivery.Body);
            return Read(document.RootElement, source, numbers);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return WebhookReading.Unusable("the body is not JSON");
        }
    }

    private static WebhookReading Read(JsonElement body, Source source, NumberHash numbers)
    {
        var name = body.Text("event");
        if (SayNothing.Contains(name))
        {
            return WebhookReading.Nothing;
        }

        if (name is not ("call_ended" or "call_analyzed" or "transfer_ended") || body.Member("call") is not { ValueKind: JsonValueKind.Object } call)
        {
            return WebhookReading.Unusable(body.Member("call") is null ? "there is no call in it" : "the event is not known");
        }

        if (name == "transfer_ended")
        {
            return call.Text("call_id") is { } id ? new WebhookReading([], [id], null) : WebhookReading.Unusable("the call has no call_id");
        }

        var made = new Normalised();
        var incomplete = RetellCalls.Take(call, source, numbers, null, made);
        return made is { Records.Count: 0, Rejected.Count: 0 }
            ? WebhookReading.Unusable("the call is not over")
            : made.ToReading(incomplete ? [call.Text("call_id")!] : null);
    }

    /// <summary>Retell sends lower case, and its SDKs disagree whether any other is its own: only what it sends is taken.</summary>
    [GeneratedRegex(@"\Av=([0-9]{1,19}),d=([0-9a-f]{64})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Signature();
}
