using System.Text.RegularExpressions;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.Demo;

namespace UsageLedger.IntegrationSpecs.Auditors;

/// <summary>The queries of the page for finance answer an auditor who pastes them.</summary>
public sealed partial class FinancePageSpecs(AuditedReports reports) : IClassFixture<AuditedReports>
{
    private static readonly Page Finance = Page.Read("docs/finance.md");

    [Fact]
    public async Task The_five_worked_queries_answer_what_they_say()
    {
        await using var auditor = await reports.EnterAsync("acme");
        var queries = Query().Matches(Finance.Text).Select(match => match.Groups["sql"].Value.TrimEnd(';', '\n')).ToList();
        queries.Count.ShouldBe(5);

        var answers = new List<List<string>>();
        foreach (var query in queries)
            answers.Add(await auditor.RowsAsync($"select answer::text from ({query}) as answer"));

        answers[0].ShouldBe(["(contoso,2024-10-01,retell,USD,0.014,2)"]);
        answers[1].ShouldBe(["(2024-10-01,USD,0.137,)"]);
        answers[2].ShouldBe(["(,agent-7,call.seconds,second,USD,0.123,0.002)"], "contoso's bucket holds usage whose cost is not known");
        answers[3].Select(row => row[..row.LastIndexOf(',')]).ShouldBe(["(\"no client\",api,1", "(\"no cost\",api,1"]);
        answers[4].ShouldHaveSingleItem().ShouldStartWith("(client-contoso,1,0.123,0.014,");
    }

    [Fact]
    public async Task The_page_names_every_report()
    {
        await using var auditor = await reports.EnterAsync("acme");

        var reported = await auditor.RowsAsync("select 'reports.' || viewname from pg_views where schemaname = 'reports'");

        reported.ShouldNotBeEmpty();
        reported.Where(view => !Finance.Names.Contains(view)).ShouldBeEmpty();
    }

    [GeneratedRegex("^```sql\n(?<sql>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Query();
}
