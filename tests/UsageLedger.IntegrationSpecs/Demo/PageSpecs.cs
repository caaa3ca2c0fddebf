using System.Text.Json.Nodes;
using UsageLedger.Host;

namespace UsageLedger.IntegrationSpecs.Demo;

/// <summary>What the pages say is so: their commands run, their answers are the real ones, their links lead somewhere.</summary>
public sealed class PageSpecs
{
    private const string Readme = "README.md";
    private const string Integrating = "docs/integrating.md";
    private const string Operating = "docs/operating.md";
    private const string Auditing = "docs/auditing.md";
    private const string Simulating = "docs/simulating.md";
    private const string AnotherVendor = "docs/another-vendor.md";
    private const string Finance = "docs/finance.md";
    private const string Reconciling = "docs/reconciling.md";
    private const string Backups = "docs/backups.md";
    private const string Metrics = "docs/metrics.md";

    public static TheoryData<string> Pages { get; } = [Readme, Integrating, Operating, Auditing, Simulating, AnotherVendor, Finance, Reconciling, Backups, Metrics, "docs/contributing.md"];

    [NeedsFact("bash", "curl")]
    public async Task The_first_requests_of_the_readme_are_answered_as_it_says()
    {
        await using var run = await PageRun.BeginAsync();

        await EveryExampleHoldsAsync(run, Readme);
    }

    [NeedsFact("bash", "curl")]
    public async Task Whoever_integrates_gets_the_answers_that_the_page_shows()
    {
        await using var run = await PageRun.BeginAsync();

        await EveryExampleHoldsAsync(run, Integrating);
    }

    [NeedsFact("bash", "curl")]
    public async Task Whoever_operates_can_type_what_the_page_shows()
    {
        await using var run = await PageRun.BeginAsync();

        await EveryExampleHoldsAsync(run, Operating);
    }

    [NeedsFact("bash", "curl")]
    public async Task Whoever_reconciles_gets_the_report_that_the_page_shows()
    {
        await using var run = await PageRun.BeginAsync();

        await EveryExampleHoldsAsync(run, Reconciling);
    }

    [NeedsFact("bash", "curl", "pg_dump", "pg_restore", "createdb")]
    public async Task Whoever_makes_a_backup_gets_it_back_and_is_told_that_it_is_older_than_what_was_published()
    {
        await using var run = await PageRun.BeginAsync();

        await EveryExampleHoldsAsync(run, Backups);
    }

    [NeedsFact("bash", "curl", "python3", "openssl")]
    public async Task The_check_by_hand_accepts_the_real_proof_and_refuses_a_changed_one()
    {
        await using var run = await PageRun.BeginAsync();

        await EveryExampleHoldsAsync(run, Auditing);

        (await run.BashAsync("sed -i.old 's/\"leafIndex\":2/\"leafIndex\":1/' proof.json && python3 check.py")).ExitCode.ShouldBe(1);
        (await run.BashAsync("cp proof.json.old proof.json && python3 check.py")).ShouldExit(0);
        (await run.BashAsync("sed -i.other 's/usageledger/otherledger/' proof.json && python3 check.py")).ExitCode.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_lead_to_what_exists(string path)
    {
        var page = Page.Read(path);

        page.Links.Where(link => !Page.Exists(Path.Combine(Path.GetDirectoryName(path)!, link))).ShouldBeEmpty();
    }

    [Fact]
    public void Every_folder_and_script_that_the_readme_names_exists()
    {
        string[] tops = ["src", "tests", "build", "adr", "docs"];
        var named = Page.Read(Readme).Names.Select(name => name.Split(' ')[0]).Where(name => tops.Contains(name.Split('/')[0])).ToList();

        named.Count.ShouldBeGreaterThan(tops.Length);
        named.Where(name => !Page.Exists(name)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_part_that_the_page_for_contributors_names_is_a_folder()
    {
        var named = Page.Read(AnotherVendor).Names.Where(name => name.StartsWith("src/", StringComparison.Ordinal) || name.StartsWith("tests/", StringComparison.Ordinal)).ToList();

        named.ShouldNotBeEmpty();
        named.Where(name => !Page.Exists(name)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_slice_of_the_domain_that_the_readme_names_is_a_folder()
    {
        var line = Page.Read(Readme).Text.Split('\n').Single(line => line.StartsWith("| `src/UsageLedger` |", StringComparison.Ordinal));

        line[line.LastIndexOf(':')..].Split([',', ':', '|', ' '], StringSplitOptions.RemoveEmptyEntries)
            .Where(slice => !Page.Exists($"src/UsageLedger/{slice}")).ShouldBeEmpty();
    }

    [Fact]
    public void The_settings_that_the_page_lists_are_those_that_there_are() =>
        Page.Read(Operating).Names.Where(name => name.Contains("__", StringComparison.Ordinal) || name.StartsWith("OTEL_", StringComparison.Ordinal)).Distinct()
            .ShouldBe(LedgerSettings.EnvironmentNames, ignoreOrder: true);

    private static async Task EveryExampleHoldsAsync(PageRun run, string path)
    {
        var page = Page.Read(path);
        var printed = await run.RunAsync(page);
        var differences = page.Examples.Zip(printed, (example, output) => Differences(example.Answer, output)).SelectMany(found => found);
        string.Join('\n', differences).ShouldBeEmpty(path);
    }

    /// <summary>An answer is the last line that the commands print.</summary>
    private static IEnumerable<string> Differences(string? answer, string output) => answer is null
        ? []
        : JsonLikeness.Differences(JsonNode.Parse(answer), JsonNode.Parse(output.TrimEnd('\n').Split('\n')[^1]));
}
