using System.Text.RegularExpressions;

namespace UsageLedger.Host.Logging;

/// <summary>Masks what must never stand in a log: keys, tokens, passwords, phone numbers, mail addresses.</summary>
internal static partial class Redaction
{
    private const int MatchMs = 250;

    public static string Apply(string text)
    {
        try
        {
            text = ApiKey().Replace(text, "ulk_***");
            text = Authorization().Replace(text, "$1 ***");
            text = Password().Replace(text, "$1=***");
            text = Mail().Replace(text, "***@***");
            return Phone().Replace(text, "+***");
        }
        catch (RegexMatchTimeoutException)
        {
            // Better no line than one that nobody checked.
            return "A log line was withheld: it took too long to check it for secrets." + Environment.NewLine;
        }
    }

    [GeneratedRegex("ulk_[A-Za-z0-9_-]+", RegexOptions.CultureInvariant, MatchMs)]
    private static partial Regex ApiKey();

    [GeneratedRegex("(?i)\\b(bearer|basic)\\s+[A-Za-z0-9._~+/=-]{6,}", RegexOptions.CultureInvariant, MatchMs)]
    private static partial Regex Authorization();

    [GeneratedRegex("(?i)\\b(password|pwd|secret|authtoken|apikey)\\s*=\\s*(\"[^\"]*\"|'[^']*'|[^;\\s]+)", RegexOptions.CultureInvariant, MatchMs)]
    private static partial Regex Password();

    [GeneratedRegex("[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\\.[A-Za-z0-9-]{1,63})+", RegexOptions.CultureInvariant, MatchMs)]
    private static partial Regex Mail();

    // E.164: a plus and 7 to 15 digits, however they are grouped.
    [GeneratedRegex("\\+[1-9](?:[ ().-]{0,2}[0-9]){6,14}(?![0-9:])", RegexOptions.CultureInvariant, MatchMs)]
    private static partial Regex Phone();
}
