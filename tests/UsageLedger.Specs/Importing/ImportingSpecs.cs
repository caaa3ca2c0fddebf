using System.Text;
using UsageLedger.Importing;
using UsageLedger.Recording;
using UsageLedger.Specs.Recording;

namespace UsageLedger.Specs.Importing;

public sealed class ImportingSpecs
{
    private readonly LogInMemory _log = new();

    [Fact]
    public async Task A_summary_counts_everything_and_names_lines()
    {
        var lines = string.Join('\n', Bodies.Call, Bodies.Call, Bodies.With("quantity", "1"), "", Bodies.With("quantity", "-1"), "{");

        var summary = await Import(lines, Files.Defaults);

        (summary.Accepted, summary.Duplicates, summary.Revised, summary.Conflicts, summary.Rejected, summary.Position).ShouldBe((1, 1, 0, 1, 2, 1));
        summary.IsClean.ShouldBeFalse();
        summary.Problems.Select(problem => (problem.Line, problem.At, problem.Code)).ShouldBe(
            [(3, "", "key_reused"), (5, "/quantity", "negative_quantity"), (6, "", "invalid_json")]);
    }

    [Fact]
    public async Task Another_price_for_a_known_key_is_a_conflict_unless_it_is_a_revision()
    {
        static UsageDefaults At(decimal price, bool revision) =>
            ImportUsage.DefaultsOf("azure", null, new Dictionary<string, decimal> { ["call.seconds"] = price }, revision);

        (await Import(Bodies.Call, At(1, false))).Accepted.ShouldBe(1);
        (await Import(Bodies.Call, At(2, false))).Conflicts.ShouldBe(1);
        (await Import(Bodies.Call, At(2, true))).Revised.ShouldBe(1);
        (await Import(Bodies.Call, At(2, true))).Duplicates.ShouldBe(1);
    }

    [Fact]
    public async Task Only_the_first_problems_are_kept()
    {
        var summary = await Import(string.Concat(Enumerable.Repeat("{}\n", 12_000)), Files.Defaults);

        summary.Rejected.ShouldBe(12_000);
        summary.Problems.Count.ShouldBe(ImportSummary.ProblemsMax);
        summary.Problems[^1].Line.ShouldBe(100);
    }

    [Theory]
    [InlineData("llm.tokens.input=0.00000015", "llm.tokens.input", "0.00000015")]
    [InlineData("a=b=1e-06", "a=b", "0.000001")]
    public void A_price_names_its_metric(string text, string metric, string unitCost)
    {
        var price = UnitCostOption.Parse(text).ShouldNotBeNull();

        (price.Metric, ExactDecimal.ToText(price.UnitCost)).ShouldBe((metric, unitCost));
    }

    [Theory]
    [InlineData("metric")]
    [InlineData("=1")]
    [InlineData("metric=")]
    [InlineData("metric=cheap")]
    [InlineData("metric=1e400")]
    public void A_price_that_is_none_is_refused(string text) => UnitCostOption.Parse(text).ShouldBeNull();

    [Fact]
    public void A_format_is_told_by_name_or_guessed_from_the_file()
    {
        ImportFormats.Names.ShouldAllBe(name => ImportFormats.Find(name) != null);
        ImportFormats.Find("xml").ShouldBeNull();
        ImportFormats.OfFile("/a/b.Csv").ShouldBe(ImportFormat.Csv);
        ImportFormats.OfFile("b.jsonl").ShouldBe(ImportFormat.Ndjson);
        ImportFormats.OfFile("b.txt").ShouldBeNull();
    }

    private async Task<ImportSummary> Import(string lines, UsageDefaults defaults)
    {
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(lines));
        var command = new ImportUsage(LogInMemory.Tenant, "c", "usage.ndjson", ImportFormat.Ndjson, defaults, Bodies.Now);
        return await ImportUsageHandler.RunAsync(
            command, file, batch => Task.FromResult(_log.Record(batch)), new Progress<ImportSummary>(), CancellationToken.None);
    }
}
