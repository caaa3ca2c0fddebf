using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using UsageLedger.IntegrationSpecs.Demo;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Crash;

/// <summary>The page of figures is made of what the suites and benchmarks leave, whatever of it there is, and adds nothing.</summary>
public sealed partial class ReliabilityPageSpecs
{
    private const string Tampering = """{"seed":7,"edits":1000,"kinds":3,"located":1000,"events":3177,"elapsedMs":168141,"byKind":{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9,"j":10,"k":11,"l":12,"m":13}}""";
    private const string Walls = """[{"suite":"http","seed":7,"tries":251,"seconds":60,"told":"200:75 400:60"},{"suite":"webhooks","seed":7,"tries":14585,"seconds":60,"told":{"read":5088,"aside":9496}}]""";
    private const string Bench = """{"results":[{"name":"append","eventsPerSecond":64633,"limitPerSecond":71000,"ratio":0.91,"p50Ms":100.5,"p99Ms":250.25,"limitP99Ms":null,"hostPeakMb":null,"events":1000000,"limit":"COPY | rows"}]}""";

    [Fact]
    public async Task Every_figure_that_was_left_stands_on_the_page()
    {
        var folder = Directory.CreateTempSubdirectory("reliability-");
        var figures = folder.CreateSubdirectory("artifacts/reliability").FullName;
        folder.CreateSubdirectory("docs");
        var (crash, order) = (new FaultFigures("crash", 7) { Records = 1_000_000, HostsKilled = 38 }, new FaultFigures("order", 7) { WorstTakeoverSeconds = 1.57 });
        await File.WriteAllTextAsync(Path.Combine(figures, "faults.json"), JsonSerializer.Serialize(new[] { crash, order }, JsonSerializerOptions.Web));
        await File.WriteAllTextAsync(Path.Combine(figures, "load.json"), JsonSerializer.Serialize(new[] { new LoadFigures("load", 7) { SinglePostsP99Ms = 39.1 } }, JsonSerializerOptions.Web));
        await File.WriteAllTextAsync(Path.Combine(figures, "tampering.json"), Tampering);
        await File.WriteAllTextAsync(Path.Combine(figures, "walls.json"), Walls);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "artifacts/bench.json"), Bench);

        var page = await PageAsync(folder);

        foreach (var line in new[]
        {
            "|  | crash | order |", "| records | 1,000,000 | 0 |", "| hosts killed | 38 | 0 |", "| worst takeover seconds | 0 | 1.57 |", "| whole | yes | yes |",
            "| single posts p99 ms | 39.1 |", "| seed | 7 | 7 |", "| located | 1,000 |", "| told | 200:75 400:60 | read 5,088, aside 9,496 |",
            "| append | 1,000,000 | 64,633 | 71,000 | 0.91 | 100.5 | 250.25 |  |  | COPY / rows |",
        })
        {
            page.ShouldContain(line);
        }

        page.ShouldNotContain("by kind", Case.Insensitive);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task What_was_not_run_has_no_section()
    {
        var folder = Directory.CreateTempSubdirectory("reliability-");
        folder.CreateSubdirectory("docs");

        Section().Count(await PageAsync(folder)).ShouldBe(0);
        folder.Delete(recursive: true);
    }

    private static async Task<string> PageAsync(DirectoryInfo folder)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var bench = Path.Combine(Page.Root, "tests/UsageLedger.Benchmarks/bin", configuration, "net10.0/bench.dll");
        var start = new ProcessStartInfo(LedgerProgram.DotNet, [bench, "page"]) { WorkingDirectory = folder.FullName };
        (await LedgerRun.OfAsync(start, TimeSpan.FromMinutes(1))).ShouldExit(0);
        return await File.ReadAllTextAsync(Path.Combine(folder.FullName, "docs/reliability.md"));
    }

    [GeneratedRegex("^## ", RegexOptions.Multiline)]
    private static partial Regex Section();
}
