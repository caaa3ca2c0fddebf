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
        var ledger = $"{LedgerProgram.DotNet} {Path.Combine(AppContext.BaseDirectory, "ledger.dll")}";
        var commands = Commands(Page.Read("docs/backups.md").Text.Replace(LostKey(), "", StringComparison.Ordinal));

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

    [Fact]
    public async Task A_lost_master_key_is_outlived_by_what_the_page_says()
    {
        await using var database = await LedgerCluster.CreateDatabaseAsync();
        var program = new LedgerProgram(database.ConnectionString);
        await using (await LedgerServer.StartAsync(program))
        {
            await DoAsync(database, "insert into ledger.sealed_keys (name, master_key_id, sealed_key) values ('spec', 'feedfeedfeedfeed', '')");
        }

        File.Delete(program.In("master.key"));
        (await program.RunAsync("serve", "--urls", "http://127.0.0.1:0")).ShouldExit(1).Errors.ShouldContain("'A lost master key' in docs/backups.md");

        using var bash = Process.Start(new ProcessStartInfo("bash", ["-euc", Commands(LostKey())]) { WorkingDirectory = program.DataDir })!;
        await bash.WaitForExitAsync();
        bash.ExitCode.ShouldBe(0);
        await DoAsync(database, Sql().Match(LostKey()).Groups["commands"].Value);

        await using var server = await LedgerServer.StartAsync(program);
        (await program.RunAsync("verify")).ShouldExit(0);
    }

    private static async Task DoAsync(Cluster.LedgerDatabase database, string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static string LostKey() => Lost().Match(Page.Read("docs/backups.md").Text).Value;

    private static string Commands(string text) => string.Concat(Block().Matches(text).Select(block => block.Groups["commands"].Value));

    [GeneratedRegex("^### A lost master key$.*?(?=^## )", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Lost();

    [GeneratedRegex(@"^```sql\n(?<commands>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Sql();

    [GeneratedRegex(@"^```bash\n(?<commands>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();
}
