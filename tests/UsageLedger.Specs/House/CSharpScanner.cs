using System.Text;
using System.Text.RegularExpressions;

namespace UsageLedger.Specs.House;

/// <summary>Reads C# just far enough to tell code, strings and comments apart; no preprocessor.</summary>
internal sealed partial class CSharpScanner(string path, string text)
{
    private readonly char[] code = [.. text.Select(character => character == '\n' ? '\n' : ' ')];
    private readonly List<StringLiteral> literals = [];
    private readonly List<SourceComment> comments = [];
    private int at;

    public CSharpText Read()
    {
        ReadCode(inHole: false);
        return new(path, text, new string(code), literals, comments);
    }

    [GeneratedRegex("""\G[$@]*"+""")]
    private static partial Regex Opening();

    private void ReadCode(bool inHole)
    {
        var depth = 0;
        while (at < text.Length)
        {
            if (Ahead("//") || Ahead("/*"))
            {
                ReadComment();
                continue;
            }

            if (text[at] is '"' or '$' or '@' && Opening().Match(text, at) is { Success: true, Value: var opening })
            {
                ReadString(opening);
                continue;
            }

            if (text[at] == '\'')
            {
                at += text[at + 1] == '\\' ? text.IndexOf('\'', at + 3) - at + 1 : 3;
                continue;
            }

            if (inHole && depth == 0 && (text[at] == '}' || text[at] == ':'))
            {
                return;
            }

            depth += text[at] is '{' or '(' or '[' ? 1 : text[at] is '}' or ')' or ']' ? -1 : 0;
            code[at] = text[at];
            at++;
        }
    }

    private void ReadComment()
    {
        var start = at;
        var block = Ahead("/*");
        var end = block ? text.IndexOf("*/", at, StringComparison.Ordinal) + 2 : text.IndexOf('\n', at);
        at = end < 2 ? text.Length : end;
        comments.Add(new(start, Ahead("///", start), text[start..at].TrimStart('/', '*').TrimEnd('/', '*').Trim()));
    }

    private void ReadString(string opening)
    {
        var start = at;
        var dollars = opening.Count(character => character == '$');
        var quotes = opening.Count(character => character == '"');
        var verbatim = opening.Contains('@');
        var raw = quotes >= 3 && !verbatim;
        var closing = raw ? new string('"', quotes) : "\"";
        at += raw ? opening.Length : opening.IndexOf('"') + 1;
        var inside = new StringBuilder();
        var hasHoles = false;
        while (at < text.Length && !Ahead(closing))
        {
            hasHoles |= ReadPart(inside, dollars, raw, verbatim);
        }

        at = Math.Min(text.Length, at + closing.Length);
        (code[start], code[at - 1]) = ('"', '"');
        literals.Add(new(start, at, hasHoles, inside.ToString()));
    }

    /// <summary>A character, an escape or a hole; true when it was a hole.</summary>
    private bool ReadPart(StringBuilder inside, int dollars, bool raw, bool verbatim)
    {
        var escape = !raw && (verbatim ? Ahead("\"\"") : text[at] == '\\');
        var braces = raw ? new string('{', Math.Max(1, dollars)) : "{";
        if (dollars > 0 && Ahead(braces) && (raw || !Ahead("{{")))
        {
            at += braces.Length;
            ReadCode(inHole: true);
            at = text.IndexOf('}', at) + braces.Length;
            return true;
        }

        var length = escape || (dollars > 0 && !raw && (Ahead("{{") || Ahead("}}"))) ? 2 : 1;
        inside.Append(text, at, length);
        at += length;
        return false;
    }

    private bool Ahead(string expected, int? from = null) => string.CompareOrdinal(text, from ?? at, expected, 0, expected.Length) == 0;
}
