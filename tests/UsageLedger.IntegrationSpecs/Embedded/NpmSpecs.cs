using System.Runtime.Versioning;
using System.Text.Json;
using UsageLedger.Host.Embedded;

namespace UsageLedger.IntegrationSpecs.Embedded;

/// <summary>Needs npm and the registry it is configured for.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class NpmFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Missing = new(WhyNot);

    public NpmFactAttribute() => Skip = Missing.Value;

    private static string? WhyNot()
    {
        try
        {
            var view = new ProgramRun("npm", "view", $"@embedded-postgres/{NpmPackage.Platform}@{NpmPackage.Version}", "version") { KeepsEnvironment = true }
                .RunAsync(TimeSpan.FromSeconds(20), CancellationToken.None).GetAwaiter().GetResult();
            return view.Succeeded ? null : $"npm cannot be reached: {view.Said}";
        }
        catch (EmbeddedPostgresException failure)
        {
            return $"npm cannot be reached: {failure.Message}";
        }
    }
}

[Collection(OneAtATime.Name)]
[UnsupportedOSPlatform("windows")]
public sealed class NpmSpecs
{
    [NpmFact]
    public async Task The_packaged_programs_serve_a_cluster_and_its_data_finds_them_again()
    {
        var dir = new DataDir();
        await using (var first = await dir.StartAsync(BinaryFinder.Packaged))
        {
            first.MajorVersion.ShouldBe(NpmPackage.Major);
            (await DataDir.AskAsync<bool>(first.ConnectionString, "select current_setting('server_version_num')::int / 10000 = 18")).ShouldBeTrue();
            EveryLinkIsThere(dir);
        }

        await using var second = await dir.StartAsync();
        second.MajorVersion.ShouldBe(NpmPackage.Major);
        Directory.GetDirectories(dir.In("postgres-bin")).Select(Path.GetFileName).ShouldBe([NpmPackage.Version]);
    }

    [Fact]
    public async Task Another_archive_than_the_pinned_one_is_refused()
    {
        var dir = new DataDir();
        var archive = dir.In("a.tgz");
        await File.WriteAllTextAsync(archive, "not the package");

        await Should.ThrowAsync<EmbeddedPostgresException>(() => NpmPackage.CheckAsync(archive, NpmPackage.Platform!, CancellationToken.None));
    }

    private static void EveryLinkIsThere(DataDir dir)
    {
        var package = dir.In($"postgres-bin/{NpmPackage.Version}");
        using var links = JsonDocument.Parse(File.ReadAllText(Path.Combine(package, "native/pg-symlinks.json")));
        foreach (var link in links.RootElement.EnumerateArray())
            File.Exists(Path.Combine(package, link.GetProperty("target").GetString()!)).ShouldBeTrue();
    }
}
