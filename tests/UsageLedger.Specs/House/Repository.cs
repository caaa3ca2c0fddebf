using System.Text.RegularExpressions;

namespace UsageLedger.Specs.House;

/// <summary>The checkout that these specs were built from.</summary>
internal static class Repository
{
    private static readonly Regex Written = new(@"[/\\](bin|obj|TestResults)[/\\]");

    public static readonly string Root = Find();

    public static readonly IReadOnlyList<CSharpText> Sources = Read("src");

    public static readonly IReadOnlyList<CSharpText> Specs = Read("tests");

    /// <summary>Files of that kind below a folder, by path from the root, without what a build writes.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !Written.IsMatch(path))
            .Order(StringComparer.Ordinal);

    public static string Text(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static List<CSharpText> Read(string folder) =>
        [.. Files(folder, "*.cs").Select(path => CSharpText.Of(path, Text(path)))];

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "UsageLedger.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No UsageLedger.sln above {AppContext.BaseDirectory}.");
    }
}
