using System.Text.RegularExpressions;

namespace UsageLedger.Specs.House;

/// <summary>A method, constructor or operator from its first attribute to its last line.</summary>
internal sealed record SourceMethod(string Name, int Start, int End);

/// <summary>Finds the methods of a file by its braces.</summary>
internal sealed partial class SourceMembers(CSharpText source)
{
    private readonly List<SourceMethod> methods = [];
    private readonly string code = source.Code;
    private int at;

    public static IReadOnlyList<SourceMethod> MethodsOf(CSharpText source)
    {
        var members = new SourceMembers(source);
        members.ReadBody();
        return members.methods;
    }

    [GeneratedRegex(@"\b(class|struct|interface|record|enum|namespace)\b")]
    private static partial Regex Holder();

    [GeneratedRegex(@"\bwhere\b")]
    private static partial Regex Constraint();

    [GeneratedRegex(@"\G\s*\[[^\]]*\]")]
    private static partial Regex Attribute();

    [GeneratedRegex(@"(?!(?:public|private|internal|static|readonly|async|override)\b)\b([\w.]+|operator\s*\S+?)\s*(?:<[^()]*>)?\s*\(")]
    private static partial Regex Named();

    private void ReadBody()
    {
        while (at < code.Length)
        {
            at += code.AsSpan(at).IndexOfAnyExcept(" \r\n;") is var blank and >= 0 ? blank : code.Length - at;
            if (at >= code.Length || code[at] == '}')
            {
                at++;
                return;
            }

            ReadMember();
        }
    }

    private void ReadMember()
    {
        var start = at;
        var depth = 0;
        var assigned = '\0';
        var header = -1;
        for (; at < code.Length; at++)
        {
            var character = code[at];
            if (depth == 0 && header < 0 && Assignment() is var sign and not '\0')
            {
                (assigned, header) = (sign, at);
            }
            else if (depth == 0 && character == '{' && assigned == '\0' && Holder().IsMatch(Constraint().Split(code[start..at])[0]))
            {
                at++;
                ReadBody();
                return;
            }
            else if (depth == 0 && character == '}')
            {
                return;
            }

            header = depth == 0 && character == '{' && header < 0 ? at : header;
            depth += character is '{' or '(' or '[' ? 1 : character is '}' or ')' or ']' ? -1 : 0;
            if (depth == 0 && (character == ';' || (character == '}' && assigned == '\0')))
            {
                at++;
                Keep(start, header, assigned);
                return;
            }
        }
    }

    private void Keep(int start, int header, char assigned)
    {
        var signature = start;
        while (Attribute().Match(code, signature) is { Success: true } attribute)
        {
            signature += attribute.Length;
        }

        if (header >= 0 && assigned != '=' && Named().Match(code[signature..header]) is { Success: true } named)
        {
            methods.Add(new(named.Groups[1].Value, start, at));
        }
    }

    /// <summary>'=' for a field's or property's value, '&gt;' for the arrow of a body, else nothing.</summary>
    private char Assignment() =>
        code[at] != '=' || code[at - 1] is '=' or '!' or '<' or '>' || (at + 1 < code.Length && code[at + 1] == '=') ? '\0'
        : at + 1 < code.Length && code[at + 1] == '>' ? '>' : '=';
}
