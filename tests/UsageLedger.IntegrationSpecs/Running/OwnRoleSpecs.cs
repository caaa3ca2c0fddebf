using System.Text.RegularExpressions;
using Npgsql;
using UsageLedger.Host;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.Demo;

namespace UsageLedger.IntegrationSpecs.Running;

/// <summary>The role and the database that the page for operators tells to make are enough.</summary>
public sealed partial class OwnRoleSpecs
{
    private const string Name = "ledger_of_the_page";

    [Fact]
    public async Task A_role_that_is_no_superuser_and_owns_its_database_runs_the_ledger()
    {
        var page = Made().Match(Page.Read("docs/operating.md").Text).Groups["sql"].Value;
        page.ShouldContain("create database");
        var where = new NpgsqlConnectionStringBuilder();
        await using (var administrator = await LedgerCluster.OpenAdministratorAsync("postgres"))
        {
            foreach (var statement in Ledger().Replace(page, Name).Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                await using var command = new NpgsqlCommand(statement, administrator);
                await command.ExecuteNonQueryAsync();
            }

            (where.Host, where.Port, where.Database, where.Username, where.Password) = (administrator.Host, administrator.Port, Name, Name, "a long random one");
        }

        var program = new LedgerProgram(where.ConnectionString);
        await File.WriteAllTextAsync(program.In("usage.ndjson"), Usage.Record("call-1").ReplaceLineEndings(""));

        (await program.RunAsync("migrate")).ShouldExit(0);
        (await program.RunAsync("import", "usage.ndjson", "--tenant", "acme", "--source", "switchboard", "--client", "contoso")).ShouldExit(0);
        (await program.RunAsync("verify")).ShouldExit(0);
        (await program.RunAsync("doctor")).ShouldExit(0);
    }

    [Fact]
    public void The_unit_sets_what_can_be_set_starts_what_there_is_and_publishes_as_the_image_does()
    {
        var page = Page.Read("docs/operating.md").Text;
        var unit = Unit().Match(page).Groups["unit"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        unit.Where(line => line.StartsWith("Environment=", StringComparison.Ordinal)).Select(line => line.Split('=')[1]).Except(LedgerSettings.EnvironmentNames).ShouldBeEmpty();
        unit.Single(line => line.StartsWith("ExecStart=", StringComparison.Ordinal)).ShouldEndWith("/ledger serve");
        unit.ShouldContain("StartLimitIntervalSec=0", "else it gives up for good when the database is away for long");
        unit.ShouldContain("RestartSec=5");
        unit.Single(line => line.StartsWith("After=", StringComparison.Ordinal)).ShouldContain("postgresql.service");
        const string publish = "dotnet publish src/UsageLedger.Host --configuration Release";
        page.ShouldContain(publish);
        Page.Read("build/Dockerfile").Text.ShouldContain(publish);
    }

    [GeneratedRegex(@"^```ini\n(?<unit>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Unit();

    [GeneratedRegex(@"^```sql\n(?<sql>create role ledger.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Made();

    [GeneratedRegex(@"\bledger\b")]
    private static partial Regex Ledger();
}
