using System.Text.RegularExpressions;

namespace UsageLedger.Specs.House;

/// <summary>A statement is one constant in lower case, so that it can be pasted into psql; values are parameters.</summary>
internal static partial class SqlRules
{
    public static IEnumerable<string> Composed(CSharpText source) =>
        from literal in source.Literals
        where Statement().IsMatch(literal.Text) && (literal.HasHoles || IsJoined(source.Code, literal))
        select source.At(literal.Start, $"composes SQL: {FirstLine(literal.Text)}");

    public static IEnumerable<string> UpperCase(CSharpText source) =>
        from literal in source.Literals
        where Statement().IsMatch(literal.Text) && UpperKeyword().IsMatch(literal.Text)
        select source.At(literal.Start, $"is not in lower case: {FirstLine(literal.Text)}");

    /// <summary>The same of a schema file; its comments are prose.</summary>
    public static IEnumerable<string> UpperCase(string path, string sql) =>
        UpperKeyword().Matches(Prose().Replace(sql, string.Empty)).Select(match => $"{path} {match.Value}");

    [GeneratedRegex(@"--.*|'[^']*'")]
    private static partial Regex Prose();

    [GeneratedRegex(
        """
        ^\s*(with\s+[\w,\s()]+\bas\b.*)?(select\b|insert\s+into\b|update\b.*\bset\b|delete\s+from\b|merge\s+into\b|truncate\b|copy\b.*\b(from|to)\b
        |(create|alter|drop)\s+(or\s+replace\s+)?(temp\w*|unlogged|unique|table|index|schema|sequence|role|view|materialized|database|function|trigger)\b)
        """,
        RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Statement();

    [GeneratedRegex(@"\b(SELECT|INSERT|UPDATE|DELETE|FROM|WHERE|VALUES|CREATE|ALTER|DROP)\b")]
    private static partial Regex UpperKeyword();

    /// <summary>Constants joined into a constant are one text that no value can enter.</summary>
    private static bool IsJoined(string code, StringLiteral literal)
    {
        var before = code.AsSpan(0, literal.Start).TrimEnd();
        var statement = before[(before.LastIndexOfAny(";{}") + 1)..];
        return (before.EndsWith("+") || code.AsSpan(literal.End).TrimStart().StartsWith("+")) && !statement.Contains(" const ", StringComparison.Ordinal);
    }

    private static string FirstLine(string sql) => sql.Trim().Split('\n')[0].Trim();
}
