using System.Text.RegularExpressions;

namespace UsageLedger.Auditors;

/// <summary>How an auditor's database role may be called: so that it needs no quoting and is none of the server's own.</summary>
public static partial class AuditorName
{
    public const string Rule = "1 to 63 of the characters a-z 0-9 _, begins with a letter and not with pg_";

    public static bool IsValid(string name) => Form().IsMatch(name) && !name.StartsWith("pg_", StringComparison.Ordinal);

    [GeneratedRegex("^[a-z][a-z0-9_]{0,62}$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
