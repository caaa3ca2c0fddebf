using System.Text.RegularExpressions;

namespace UsageLedger.Host.Logging;

/// <summary>Masks what must never stand in a log: keys, tokens, passwords, phone numbers, mail addresses.</summary>
internal static partial class Redaction
{
    private const int MatchMs = 1_000;
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;

    public static string Apply(string text)
    {
        try
        {
            text = ApiKey().Replace(text, "ulk_***");
            text = VendorKey().Replace(text, "sk-***");
            text = Authorization().Replace(text, "$1 ***");
            text = Secret().Replace(text, "$1***");
            text = UrlPassword().Replace(text, "$1***@");
            text = Mail().Replace(text, "***@***");
            return Phone().Replace(text, "+***");
        }
        catch (RegexMatchTimeoutException)
        {
            // Better no line than one that nobody checked.
            return "A log line was withheld: it took too long to check it for secrets." + Environment.NewLine;
        }
    }

    [GeneratedRegex("ulk_[a-z0-9_-]+", Options, MatchMs)]
    private static partial Regex ApiKey();

    [GeneratedRegex(@"\bsk-[a-z0-9_-]{16,}", Options, MatchMs)]
    private static partial Regex VendorKey();

    [GeneratedRegex(@"\b(bearer|basic)\s+[a-z0-9._~+/=-]{6,}", Options, MatchMs)]
    private static partial Regex Authorization();

    // As in connection strings, in JSON, and in headers; a value that JSON holds may have escaped quotes.
    [GeneratedRegex(
        """
        \b((?:password|pwd|passphrase|secret|(?:webhook|client|apikey)secret|auth_?token|api_?key|management_?key|authorization)\\?["']?\s*[=:]\s*)
        (?!(?:bearer|basic)\ )(?:\\?"(?:[^"\\]|\\[^"])*\\?"|'[^']*'|[^;,\s"'}]+)
        """,
        Options | RegexOptions.IgnorePatternWhitespace, MatchMs)]
    private static partial Regex Secret();

    [GeneratedRegex("(://[^:/@\\s]{1,100}:)[^@/\\s]{1,200}@", Options, MatchMs)]
    private static partial Regex UrlPassword();

    // Each run of letters is tried from its beginning alone, so that a long line costs its length once.
    [GeneratedRegex(@"(?<![a-z0-9._%+-])(?>[a-z0-9._%+-]+)@[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+", Options, MatchMs)]
    private static partial Regex Mail();

    // E.164: a plus, also as a URL writes it, and 7 to 15 digits, however they are grouped.
    [GeneratedRegex(@"(?:\+|%2B)[1-9](?:[ ().-]{0,2}[0-9]){6,14}(?![0-9:])", Options, MatchMs)]
    private static partial Regex Phone();
}
