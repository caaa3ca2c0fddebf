using System.Text.RegularExpressions;

namespace UsageLedger.Specs.House;

/// <summary>Names say what a thing is, comments say why it is, and nothing waits to be done.</summary>
internal static partial class WordRules
{
    private static readonly HashSet<string> Banned =
        new(StringComparer.Ordinal) { "Helper", "Helpers", "Manager", "Managers", "Util", "Utils", "Utility", "Utilities", "Common" };

    public static IEnumerable<string> BannedNames(CSharpText source) =>
        from named in Declaration().Matches(source.Code).Select(match => (match.Index, Name: match.Groups["name"].Value))
            .Append((Index: 0, Name: Path.GetFileNameWithoutExtension(source.Path).Split('.')[0]))
        where IsBanned(named.Name)
        select source.At(named.Index, named.Name);

    public static IEnumerable<string> Promises(CSharpText source) =>
        source.Comments.Where(comment => Promise().IsMatch(comment.Text)).Select(comment => source.At(comment.Start, comment.Text))
            .Concat(Unwritten().Matches(source.Code).Select(match => source.At(match.Index, match.Value)));

    public static IEnumerable<string> CommentedOutCode(CSharpText source) =>
        from comment in source.Comments
        where !comment.Documents && comment.Text.Split('\n').Any(line => CodeLine().IsMatch(line.Trim(' ', '*')))
        select source.At(comment.Start, comment.Text.Split('\n')[0]);

    public static IEnumerable<string> OpenRecords(CSharpText source) =>
        from match in RecordDeclaration().Matches(source.Code)
        where !SealedOrAbstract().IsMatch(match.Groups["modifiers"].Value)
        select source.At(match.Index, $"{match.Groups["name"].Value} is not sealed");

    [GeneratedRegex(@"\b(class|record|struct|interface|enum)\s+(class\s+|struct\s+)?(?<name>[A-Z]\w*)")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"(?<modifiers>(\b(public|private|protected|internal|file|sealed|abstract|partial|readonly)\s+)*)\brecord\s+(class\s+)?(?!struct\b)(?<name>[A-Z]\w*)")]
    private static partial Regex RecordDeclaration();

    [GeneratedRegex(@"\b(sealed|abstract)\b")]
    private static partial Regex SealedOrAbstract();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex Promise();

    [GeneratedRegex(@"\bNotImplementedException\b")]
    private static partial Regex Unwritten();

    [GeneratedRegex(@"[A-Z][a-z0-9]*")]
    private static partial Regex Word();

    [GeneratedRegex(
        """
        ^((var|await|return|throw)\b.*;|(if|for|foreach|while|using|lock)\s*\(.*|(public|private|internal|static)\b.*[;{)]
        |[\w.<>]+\(.*\);|[\w.<>\[\]\s]+[+-]?=\s.*;|[{}])$
        """,
        RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex CodeLine();

    /// <summary>"Base" only as the last word: a base URL is a thing, a base class is not.</summary>
    private static bool IsBanned(string name)
    {
        var words = Word().Matches(name).Select(match => match.Value).ToList();
        return words.Any(Banned.Contains) || words is [.., "Base"];
    }
}
