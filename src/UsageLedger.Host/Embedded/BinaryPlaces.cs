namespace UsageLedger.Host.Embedded;

/// <summary>The folders in which PostgreSQL's programs may be, in the order of preference.</summary>
internal static class BinaryPlaces
{
    private static readonly (string Root, string Pattern)[] Packagers =
    [
        ("/usr/lib/postgresql", "*"),
        ("/opt/homebrew/opt", "postgresql*"),
        ("/usr/local/opt", "postgresql*"),
    ];

    public static IEnumerable<string> Installed() => Packagers.SelectMany(place => Under(place.Root, place.Pattern));

    // A link on the PATH leads to the folder where the three programs lie together.
    public static IEnumerable<string> OnPath(string path) =>
        path.Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => new FileInfo(Path.Combine(folder, "initdb")))
            .Where(initdb => initdb.Exists)
            .Select(initdb => (initdb.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? initdb).DirectoryName)
            .OfType<string>();

    public static IEnumerable<string> Under(string root, string pattern) =>
        Directory.Exists(root)
            ? Directory.GetDirectories(root, pattern).Select(version => Path.Combine(version, "bin"))
            : [];
}
