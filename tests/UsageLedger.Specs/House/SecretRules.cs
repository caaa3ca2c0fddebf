using System.Text.RegularExpressions;

namespace UsageLedger.Specs.House;

/// <summary>What is secret is compared in constant time: how long a comparison took must not tell how much of a guess was right.</summary>
internal static partial class SecretRules
{
    /// <summary>The names of what is secret, or made with a secret, held against a value.</summary>
    public static IEnumerable<string> PlainComparisons(CSharpText source) =>
        Plain().Matches(source.Code).Select(match => source.At(match.Index, $"{match.Value.Trim()}: use CryptographicOperations.FixedTimeEquals"));

    [GeneratedRegex(
        """
        \b\w*(secret|digest|hmac|password|authtoken|apikey)\w*(\.\w+|\[[^\]]*\])*(?<!length)\s*(==|!=)(?!\s*(null\b|""|default\b|\d))
        |\b\w*(secret|digest|hmac|password|authtoken|apikey)\w*(\.\w+(\(\))?)*\.(SequenceEqual|Equals)\(
        |[=!]=\s*(\w+\.)*\w*(secret|digest|hmac|password|authtoken)\b(?!\s*\()
        """,
        RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Plain();
}
