using System.Diagnostics;
using UsageLedger.IntegrationSpecs.Cluster;

namespace UsageLedger.IntegrationSpecs.Demo;

/// <summary>The scripts install PostgreSQL for those who have none and name none, and for nobody else.</summary>
public sealed class ToolchainSpecs
{
    /// <summary>A machine without PostgreSQL, on which nothing is really installed.</summary>
    private const string NeedPostgres = """
        find_postgres() { return 1; }
        install_postgres() { say 'something was installed'; }
        need_postgres
        """;

    [NeedsFact("bash")]
    public async Task Nothing_is_installed_where_the_settings_file_names_a_database()
    {
        var folder = SpecFolders.Next();
        await File.WriteAllTextAsync(Path.Combine(folder, "appsettings.json"), """{"ConnectionStrings": {"Ledger": "Host=db;Database=ledger"}}""");

        (await RunAsync(folder)).ShouldBe("0 ");
        await File.WriteAllTextAsync(Path.Combine(folder, "appsettings.json"), """{"Ledger": {"LogFormat": "json"}}""");
        (await RunAsync(folder)).ShouldContain("PostgreSQL");
    }

    private static async Task<string> RunAsync(string folder)
    {
        var start = new ProcessStartInfo("bash", ["-c", $"source '{Path.Combine(Page.Root, "build/toolchain")}'\n{NeedPostgres}"]) { WorkingDirectory = folder, RedirectStandardError = true };
        start.Environment.Remove("ConnectionStrings__Ledger");
        using var bash = Process.Start(start)!;
        var said = await bash.StandardError.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30));
        await bash.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return $"{bash.ExitCode} {said}";
    }
}
