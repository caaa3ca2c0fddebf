using System.Text.RegularExpressions;

namespace UsageLedger.IntegrationSpecs.Demo;

/// <summary>A page of the project's documentation.</summary>
/// <param name="Path">From the root of the repository.</param>
internal sealed partial record Page(string Path, string Text)
{
    public static string Root { get; } = FindRoot();

    /// <summary>The commands of the page in order, each with the JSON that it is said to answer with, if it is.</summary>
    public IEnumerable<(string Commands, string? Answer)> Examples =>
        Example().Matches(Text).Select(match => (match.Groups["commands"].Value, match.Groups["answer"] is { Success: true, Value: var answer } ? answer : null));

    /// <summary>What the page links to inside the repository.</summary>
    public IEnumerable<string> Links => Link().Matches(Text).Select(match => match.Groups["to"].Value).Where(to => !to.Contains("://", StringComparison.Ordinal));

    /// <summary>What stands in code marks: folders, names, commands.</summary>
    public IEnumerable<string> Names => Marked().Matches(Text).Select(match => match.Groups["name"].Value);

    public static Page Read(string path) => new(path, File.ReadAllText(System.IO.Path.Combine(Root, path)));

    public static bool Exists(string path) => System.IO.Path.Exists(System.IO.Path.Combine(Root, path));

    [GeneratedRegex(@"^```sh\n(?<commands>.*?)^```\n(\n```json\n(?<answer>.*?)^```)?", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Example();

    [GeneratedRegex(@"\]\((?<to>[^)#]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?<!`)`(?<name>[^`\n]+)`(?!`)")]
    private static partial Regex Marked();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "UsageLedger.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The specs do not lie below UsageLedger.sln.");
        return folder.FullName;
    }
}
