using System.Text.RegularExpressions;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Demo;

public sealed partial class DemoSpecs
{
    private const int Columns = 80;

    [Fact]
    public async Task The_demo_holds_on_a_fresh_machine_and_again_on_what_it_left_there()
    {
        var program = new LedgerProgram();

        var first = (await program.RunAsync("demo", "--exit")).ShouldExit(0);
        var again = (await program.RunAsync("demo", "--exit")).ShouldExit(0);

        foreach (var run in (LedgerRun[])[first, again])
        {
            run.Errors.ShouldBeEmpty();
            run.Out.ShouldNotContain('\u001b');
            run.Out.Split('\n').Where(line => line.Length > Columns && !line.Contains(program.DataDir, StringComparison.Ordinal)).ShouldBeEmpty();
            var bill = Bill().Match(run.Out);
            bill.Groups["ledger"].Value.ShouldNotBeEmpty();
            bill.Groups["ledger"].Value.ShouldBe(bill.Groups["vendors"].Value);
            run.Out.ShouldContain("unattributed: 0");
            run.Out.ShouldContain("pending: 0");
            run.Out.ShouldContain("no hour of the month is missing");
            run.Out.ShouldContain("the one wrong line is found, and no other");
            run.Out.ShouldContain("audited again it is the same, byte for byte");
            run.Out.ShouldContain("4470 came");
            var changed = Changed().Match(run.Out).Groups["position"].Value;
            run.Out.ShouldContain($"verify names exactly position {changed}");
            run.Out.ShouldContain("the original is whole");
        }

        var (weeks, once) = (Rounds(first), Rounds(again));
        weeks.Count.ShouldBe(5);
        weeks[^1].ShouldSatisfyAllConditions(round => round.ByWebhook.ShouldBeGreaterThan(0), round => round.Polled.ShouldBeGreaterThan(0));
        once.ShouldHaveSingleItem().ShouldBe(weeks[^1], "the same month again is no usage more");
        Bill().Match(again.Out).Groups["ledger"].Value.ShouldBe(Bill().Match(first.Out).Groups["ledger"].Value);
        File.Exists(program.In("pg/postmaster.pid")).ShouldBeFalse();
    }

    [Fact]
    public async Task Made_up_usage_keeps_out_of_a_database_that_others_use()
    {
        await using var database = await LedgerCluster.CreateDatabaseAsync();
        var program = new LedgerProgram(database.ConnectionString);
        await File.WriteAllTextAsync(program.In("usage.csv"), """
            idempotencyKey,provider,metric,quantity,unit,occurredAt
            call-1,voice,call,61,second,2026-10-20T12:00:00Z

            """);
        (await program.RunAsync("import", program.In("usage.csv"), "--tenant", "acme", "--source", "switchboard")).ShouldExit(0);

        (await program.RunAsync("demo", "--exit")).ShouldExit(2).Errors.ShouldContain("other tenants");
    }

    [Fact]
    public async Task It_serves_no_json() => (await new LedgerProgram().RunAsync("demo", "--json")).ShouldExit(2);

    private static List<(int Records, int ByWebhook, int Polled)> Rounds(LedgerRun run) => [.. Round().Matches(run.Out)
        .Select(match => (Number(match, "records"), Number(match, "webhook"), Number(match, "polled")))];

    private static int Number(Match match, string name) =>
        int.Parse(match.Groups[name].Value.Replace(",", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex(@"where seq_id = (?<position>\d+)")]
    private static partial Regex Changed();

    [GeneratedRegex(@"the ledger's (?<ledger>[\d.]+) USD are the vendors' (?<vendors>[\d.]+) USD")]
    private static partial Regex Bill();

    [GeneratedRegex(@"^│ \d{4}-\d\d-\d\d │ +[\d,]+ │ +(?<records>[\d,]+) │ +(?<webhook>[\d,]+) │ +(?<polled>[\d,]+) │", RegexOptions.Multiline)]
    private static partial Regex Round();
}
