using System.Globalization;
using System.Text.Json;
using NodaTime;
using UsageLedger.Attributing;
using UsageLedger.Recording;

namespace UsageLedger.Collecting.Twilio;

/// <summary>What Twilio's messages and calls have in common.</summary>
internal static class TwilioFields
{
    private static readonly string[] Rfc2822 = ["ddd, dd MMM yyyy HH:mm:ss zzz", "ddd, d MMM yyyy HH:mm:ss zzz"];

    /// <summary>A charge is negative at Twilio; null is not known yet.</summary>
    public static decimal? Cost(JsonElement item) => -item.Number("price");

    /// <summary>Twilio writes it in lower case in places, and leaves it out where there is no price yet.</summary>
    public static string Currency(JsonElement item) =>
        item.Text("price_unit") is { Length: > 0 } unit ? unit.ToUpperInvariant() : Currencies.Default;

    /// <summary>An RFC 2822 date; null if it is absent.</summary>
    /// <exception cref="FormatException">It is there and is none.</exception>
    public static Instant? Time(JsonElement item, string name) => item.Text(name) is not { Length: > 0 } text ? null
        : DateTimeOffset.TryParseExact(Offset(text), Rfc2822, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? Instant.FromDateTimeOffset(time)
        : throw new FormatException($"{name} is no date");

    public static bool IsInbound(JsonElement item) => item.Text("direction") == "inbound";

    /// <summary>The platform's own number: where a call or message came in, or that it went out from.</summary>
    public static AttributeList AddOwnNumber(this AttributeList list, NumberHash numbers, JsonElement item) =>
        list.AddNumber(numbers, item.Text(IsInbound(item) ? "to" : "from"));

    /// <summary><c>+0000</c> as <c>+00:00</c>, and the zone names that the standard still knows.</summary>
    private static string Offset(string text) =>
        text.EndsWith(" GMT", StringComparison.Ordinal) || text.EndsWith(" UTC", StringComparison.Ordinal) ? text[..^3] + "+00:00"
        : text.Length > 5 && text[^5] is '+' or '-' ? text[..^2] + ":" + text[^2..]
        : text;
}
