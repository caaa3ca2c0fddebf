using System.Text.RegularExpressions;

namespace UsageLedger.Specs.House;

/// <summary>The strict small part of YAML that the compose file keeps to: maps, lists of scalars and one-line lists, two spaces a level.</summary>
internal sealed partial class YamlText
{
    private readonly List<(int Number, int Indent, string Text)> lines = [];
    private int at;

    private YamlText(string text)
    {
        foreach (var (index, line) in text.Split('\n').Index())
        {
            var indent = line.Length - line.TrimStart(' ').Length;
            if (line.Contains('\t') || line.TrimEnd() != line || indent % 2 != 0)
            {
                throw new FormatException($"line {index + 1}: tabs, odd indents and trailing blanks are not taken");
            }

            if (line.Length > indent && line[indent] != '#')
            {
                lines.Add((index + 1, indent, line[indent..]));
            }
        }
    }

    public static IReadOnlyDictionary<string, object> Parse(string text)
    {
        var yaml = new YamlText(text);
        var map = yaml.Map(0);
        return yaml.at == yaml.lines.Count ? map : throw yaml.Wrong("is indented too far");
    }

    [GeneratedRegex(@"^(?<key>[\w.$/-]+):(?: (?<value>\S.*))?$")]
    private static partial Regex Entry();

    [GeneratedRegex(@"^\[(?:""(?<item>[^""]*)""(?:, (?!\]))?)*\]$")]
    private static partial Regex OneLineList();

    private Dictionary<string, object> Map(int indent)
    {
        var map = new Dictionary<string, object>(StringComparer.Ordinal);
        for (; at < lines.Count && lines[at].Indent == indent && !lines[at].Text.StartsWith("- ", StringComparison.Ordinal);)
        {
            if (Entry().Match(lines[at].Text) is not { Success: true } entry)
            {
                throw Wrong("is no entry of a map");
            }

            at++;
            var value = entry.Groups["value"] is { Success: true, Value: var scalar } ? Scalar(scalar) : Block(indent);
            if (!map.TryAdd(entry.Groups["key"].Value, value))
            {
                throw new FormatException($"{entry.Groups["key"].Value} is there twice");
            }
        }

        return map;
    }

    private object Block(int indent)
    {
        if (at == lines.Count || lines[at].Indent != indent + 2)
        {
            return string.Empty;
        }

        if (!lines[at].Text.StartsWith("- ", StringComparison.Ordinal))
        {
            return Map(indent + 2);
        }

        var items = new List<string>();
        for (; at < lines.Count && lines[at].Indent == indent + 2; at++)
        {
            items.Add(lines[at].Text.StartsWith("- ", StringComparison.Ordinal) ? Unquoted(lines[at].Text[2..]) : throw Wrong("is no item of a list"));
        }

        return items;
    }

    private static object Scalar(string text) =>
        text == "{}" ? new Dictionary<string, object>(StringComparer.Ordinal)
        : OneLineList().Match(text) is { Success: true } list ? list.Groups["item"].Captures.Select(item => item.Value).ToList()
        : Unquoted(text);

    /// <summary>A plain scalar, or one in double quotes; whatever YAML would read in a special way is refused.</summary>
    private static string Unquoted(string text) => text switch
    {
        ['"', .. var inside, '"'] when !inside.Contains('"') && !inside.Contains('\\') => inside,
        [var first, ..] when "\"'[]{}&*!|>%@`".Contains(first) => throw new FormatException($"{text} is not taken"),
        _ when text.Contains(" #", StringComparison.Ordinal) || PlainColon().IsMatch(text) => throw new FormatException($"{text} must be quoted"),
        _ => text
    };

    [GeneratedRegex(@":( |$)")]
    private static partial Regex PlainColon();

    private FormatException Wrong(string what) => new($"line {lines[at].Number} {what}: {lines[at].Text}");
}
