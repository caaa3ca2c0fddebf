using System.Buffers;
using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace UsageLedger.Recording.CloudEvents;

/// <summary>What CloudEvents 1.0 and its JSON format ask of an event's attributes.</summary>
internal static class EnvelopeRules
{
    public static readonly string[] Required = ["specversion", "id", "source", "type"];

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");

    private static readonly SearchValues<char> UriCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%");

    /// <summary>The attribute as text, or null if no attribute can be of that type. Extensions may be strings, integers and booleans.</summary>
    public static string? Value(string name, ref Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.String => JsonText.Read(ref json),
        _ when IsOfTheSpecification(name) => null,
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.Number => json.TryGetInt32(out _) ? Encoding.UTF8.GetString(json.ValueSpan) : null,
        _ => null
    };

    public static string WrongType(string name) =>
        IsOfTheSpecification(name) ? $"{name} must be a string." : "An extension attribute must be a string, a 32-bit integer or a boolean.";

    /// <summary>The rule that the value breaks, or null.</summary>
    public static string? Broken(string name, string value) => name switch
    {
        "specversion" => value == "1.0" ? null : "specversion must be 1.0.",
        "time" => InstantText.Read(Encoding.UTF8.GetBytes(value), out _) == InstantReading.Read
            ? null
            : "time must be an RFC 3339 instant, such as 2026-10-01T12:00:00Z.",
        "data_base64" => Base64.IsValid(value) ? null : "data_base64 must be Base64.",
        _ when IsOfTheSpecification(name) => value.Length == 0 ? $"{name} must not be empty." : Format(name, value) ?? Characters(name, value),
        _ when name.Length == 0 || name.AsSpan().ContainsAnyExcept(NameCharacters) => "An attribute's name must hold only a-z and 0-9.",
        _ => Characters(name, value)
    };

    private static string? Format(string name, string value) => name switch
    {
        "source" when !IsUriReference(value) => "source must be a URI reference; escape what a URI cannot hold.",
        "dataschema" when !IsUriReference(value) || !HasScheme(value) => "dataschema must be an absolute URI.",
        "datacontenttype" when !MediaTypeHeaderValue.TryParse(value, out _) => "datacontenttype must be a media type, such as application/json.",
        _ => null
    };

    private static string? Characters(string name, string value) =>
        value.AsSpan().ContainsAny(TextRules.ControlCharacters) ? $"{name} must not hold control characters." : null;

    private static bool IsOfTheSpecification(string name) =>
        name is "specversion" or "id" or "source" or "type" or "subject" or "time" or "datacontenttype" or "dataschema" or "data_base64";

    private static bool HasScheme(string value) => value.IndexOf(':') is > 0 and var colon && Uri.CheckSchemeName(value[..colon]);

    private static bool IsUriReference(string value)
    {
        if (value.AsSpan().ContainsAnyExcept(UriCharacters) || value.IndexOf('#') != value.LastIndexOf('#'))
        {
            return false;
        }

        for (var at = value.IndexOf('%'); at >= 0; at = value.IndexOf('%', at + 1))
        {
            if (at + 2 >= value.Length || !char.IsAsciiHexDigit(value[at + 1]) || !char.IsAsciiHexDigit(value[at + 2]))
            {
                return false;
            }
        }

        return true;
    }
}
