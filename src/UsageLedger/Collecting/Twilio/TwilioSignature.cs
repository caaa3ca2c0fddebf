using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace UsageLedger.Collecting.Twilio;

/// <summary>Twilio's signature: HMAC-SHA1 over the URL as called and, of a form, every name and value; of anything else the URL names the body's hash.</summary>
internal static partial class TwilioSignature
{
    private const int DigestLength = 20;

    public static bool HasForm(string signature) =>
        Convert.TryFromBase64String(signature, stackalloc byte[DigestLength], out var length) && length == DigestLength;

    /// <param name="form">The body's parameters; null: the body is no form.</param>
    public static bool IsGood(string signature, string url, IReadOnlyList<KeyValuePair<string, string>>? form, ReadOnlySpan<byte> body, IEnumerable<string> tokens)
    {
        var digest = new byte[DigestLength];
        if (!Convert.TryFromBase64String(signature, digest, out var length) || length != DigestLength || (form is null && !NamesHash(url, body)))
        {
            return false;
        }

        var parameters = form is null ? "" : Joined(form);
        var good = false;
        foreach (var token in tokens)
        {
            foreach (var variant in Variants(url))
            {
#pragma warning disable CA5350 // Twilio signs with SHA-1.
                var expected = HMACSHA1.HashData(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(variant + parameters));
#pragma warning restore CA5350
                good |= CryptographicOperations.FixedTimeEquals(expected, digest);
            }
        }

        return good;
    }

    /// <summary>Names in ordinal order; of a name that is repeated each value once, in order.</summary>
    private static string Joined(IReadOnlyList<KeyValuePair<string, string>> form) => string.Concat(form
        .Distinct()
        .OrderBy(parameter => parameter.Key, StringComparer.Ordinal)
        .ThenBy(parameter => parameter.Value, StringComparer.Ordinal)
        .Select(parameter => parameter.Key + parameter.Value));

    /// <summary>The URL as it is configured, with and without its scheme's own port, and each with the quotes escaped that Twilio escapes.</summary>
    private static string[] Variants(string url)
    {
        var parts = Parts().Match(url);
        var port = parts.Groups["scheme"].Value == "https" ? ":443" : ":80";
        string[] ports = !parts.Success ? [url]
            : parts.Groups["port"].Value == "" ? [url, url.Insert(parts.Groups["port"].Index, port)]
            : parts.Groups["port"].Value == port ? [url, url.Remove(parts.Groups["port"].Index, port.Length)]
            : [url];
        return url.Contains('\'', StringComparison.Ordinal) ? [.. ports, .. ports.Select(one => one.Replace("'", "%27", StringComparison.Ordinal))] : ports;
    }

    private static bool NamesHash(string url, ReadOnlySpan<byte> body)
    {
        var named = Hash().Match(url);
        return named.Success
            && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(named.Groups[1].Value), Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(body))));
    }

    [GeneratedRegex(@"\A(?<scheme>https?)://(?:[^/?#@]*@)?(?:\[[^\]/]*\]|[^/?#:@]*)(?<port>(?::[0-9]+)?)(?=[/?#]|\z)", RegexOptions.CultureInvariant)]
    private static partial Regex Parts();

    [GeneratedRegex(@"[?&]bodySHA256=([0-9a-f]{64})(?=&|#|\z)", RegexOptions.CultureInvariant)]
    private static partial Regex Hash();
}
