namespace UsageLedger.Specs.House;

/// <summary>The top level is the customer's: nothing else lies at the root.</summary>
internal static class TopLevelRules
{
    private static readonly HashSet<string> Listed = new(StringComparer.Ordinal)
    {
        "src", "tests", "build", "adr", "docs", ".ci",
        "docker-compose.yml", "UsageLedger.sln", "global.json", "README.md", "LICENSE",
        ".editorconfig", ".gitignore", ".gitattributes", ".dockerignore", "Directory.Build.props", "Directory.Packages.props"
    };

    /// <summary>What .gitignore leaves out, and git itself.</summary>
    private static readonly HashSet<string> Unkept =
        new(StringComparer.Ordinal) { ".git", "bin", "obj", "artifacts", ".ledger", ".vs", ".idea", "TestResults" };

    public static IEnumerable<string> Unlisted(IEnumerable<string> names) =>
        names.Where(name => !Listed.Contains(name) && !Unkept.Contains(name) && !name.EndsWith(".user", StringComparison.Ordinal));
}
