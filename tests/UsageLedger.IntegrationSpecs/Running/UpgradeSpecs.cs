using System.Diagnostics;
using System.Text.RegularExpressions;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.Demo;

namespace UsageLedger.IntegrationSpecs.Running;

/// <summary>What the page of backups and upgrades says of programs and data directories.</summary>
public sealed partial class UpgradeSpecs
{
    [Fact]
    public async Task A_program_that_is_older_than_the_database_refuses_it_before_it_does_anything()
    {
        await using var database = await LedgerCluster.CreateDatabaseAsync();
        var program = new LedgerProgram(database.ConnectionString);
        (await program.RunAsync("migrate")).ShouldExit(0);
        await using (var newer = database.DataSource.CreateCommand("insert into ledger.schema_migrations (number, name, checksum) values (9999, '9999_of_tomorrow.sql', 'x')"))
        {
            await newer.ExecuteNonQueryAsync();
        }

        foreach (var verb in new[] { "serve", "migrate" })
        {
            (await program.RunAsync(verb)).ShouldExit(1).Errors.Trim().ShouldBe(
                "The database has schema file 9999_of_tomorrow.sql, which this program does not know: it is older than the database. Run the newer program.");
        }

        (await program.RunAsync("doctor")).ShouldExit(1).Out.ShouldContain("9999_of_tomorrow.sql");
    }

    [Fact]
    public async Task A_copy_of_the_data_directory_is_a_ledger_like_the_first()
    {
        var program = new LedgerProgram();
        await File.WriteAllTextAsync(program.In("usage.ndjson"), Usage.Record("call-1").ReplaceLineEndings(""));
        (await program.RunAsync("import", "usage.ndjson", "--tenant", "acme", "--source", "switchboard", "--client", "contoso")).ShouldExit(0);
        var ledger = $"{Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet"} {Path.Combine(AppContext.BaseDirectory, "ledger.dll")}";
        var commands = string.Concat(Block().Matches(Page.Read("docs/backups.md").Text).Select(block => block.Groups["commands"].Value));

        var start = new ProcessStartInfo("bash", ["-euc", commands.Replace("build/ledger", ledger, StringComparison.Ordinal)])
        {
            RedirectStandardOutput = true, WorkingDirectory = SpecFolders.Next(), Environment = { ["Ledger__DataDir"] = program.DataDir },
        };
        start.Environment.Remove("ConnectionStrings__Ledger");
        using var bash = Process.Start(start)!;
        var said = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();

        bash.ExitCode.ShouldBe(0);
        said.ShouldContain("whole: 1 events");
    }

    [GeneratedRegex(@"^```bash\n(?<commands>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();
}
