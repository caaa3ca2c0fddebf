using System.Runtime.Versioning;

namespace UsageLedger.Host.Embedded;

/// <summary>Finds the PostgreSQL programs for a data directory: those the operator names, those installed, else the npm package.</summary>
[UnsupportedOSPlatform("windows")]
internal static class BinaryFinder
{
    public const string Packaged = "npm";

    public static async Task<PostgresBinaries> FindAsync(EmbeddedOptions options, ClusterHome home, ILogger log, CancellationToken ct)
    {
        var dataMajor = home.DataMajor;
        if (options.PostgresBin is { Length: > 0 } named && named != Packaged)
            return Fitting(await NamedAsync(named, ct), home);
        var found = new List<PostgresBinaries>();
        if (options.PostgresBin != Packaged)
        {
            var onPath = await InAsync(BinaryPlaces.OnPath(Environment.GetEnvironmentVariable("PATH") ?? ""), ct);
            var installed = await InAsync(BinaryPlaces.Installed(), ct);
            if (BinaryChoice.Of(onPath, installed, dataMajor) is { } fits)
                return fits;
            found.AddRange(onPath.Concat(installed));
        }

        // Another major version cannot be served by the package, so it is not fetched for nothing.
        return dataMajor is null or NpmPackage.Major
            ? await NpmPackage.GetAsync(home.PackagedBinaries, log, ct)
            : throw OtherMajor(home, found);
    }

    private static async Task<PostgresBinaries> NamedAsync(string folder, CancellationToken ct) =>
        await PostgresBinaries.InAsync(Path.GetFullPath(folder), ct)
        ?? throw new EmbeddedPostgresException(
            $"Ledger__PostgresBin names {folder}, which has no working initdb, postgres and pg_ctl. Name the folder that holds them, such as /usr/lib/postgresql/15/bin.");

    private static async Task<List<PostgresBinaries>> InAsync(IEnumerable<string> folders, CancellationToken ct)
    {
        var found = new List<PostgresBinaries>();
        foreach (var folder in folders.Distinct())
            if (await PostgresBinaries.InAsync(folder, ct) is { } binaries)
                found.Add(binaries);
        return found;
    }

    private static PostgresBinaries Fitting(PostgresBinaries named, ClusterHome home)
    {
        if (home.DataMajor is { } major && named.Major != major)
            throw OtherMajor(home, [named]);
        return named.Major >= PostgresBinaries.OldestMajor
            ? named
            : throw new EmbeddedPostgresException(
                $"{named.Folder} is PostgreSQL {named.Major}; the ledger needs {PostgresBinaries.OldestMajor} or later.");
    }

    private static EmbeddedPostgresException OtherMajor(ClusterHome home, List<PostgresBinaries> found)
    {
        var versions = found.Count == 0
            ? "none"
            : string.Join(", ", found.Select(binaries => $"PostgreSQL {binaries.Major} in {binaries.Folder}"));
        return new EmbeddedPostgresException(
            $"{home.Data} was made by PostgreSQL {home.DataMajor}, which can only be served by that version; found: {versions}. "
            + $"Install PostgreSQL {home.DataMajor} and name its folder in Ledger__PostgresBin, or move the data with pg_dumpall, or set Ledger__DataDir to a new directory.");
    }
}
