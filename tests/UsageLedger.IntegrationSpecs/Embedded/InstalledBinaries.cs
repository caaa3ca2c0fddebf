using UsageLedger.Host.Embedded;

namespace UsageLedger.IntegrationSpecs.Embedded;

/// <summary>The PostgreSQL that this machine has without any package.</summary>
internal static class InstalledBinaries
{
    private static readonly Lazy<PostgresBinaries> Found = new(Find);

    public static string Folder => Found.Value.Folder;

    public static int Major => Found.Value.Major;

    private static PostgresBinaries Find() => BinaryPlaces.OnPath(Environment.GetEnvironmentVariable("PATH") ?? "")
        .Concat(BinaryPlaces.Installed())
        .Select(folder => PostgresBinaries.InAsync(folder, CancellationToken.None).GetAwaiter().GetResult())
        .OfType<PostgresBinaries>()
        .First();
}
