using System.Text.RegularExpressions;
using UsageLedger.Host.Telemetry;
using UsageLedger.IntegrationSpecs.Demo;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Telemetry;

public sealed partial class MetricsPageSpecs
{
    [Fact]
    public void The_page_lists_the_metrics_that_there_are_each_with_unit_meaning_and_alarm()
    {
        var rows = Row().Matches(Page.Read("docs/metrics.md").Text).Select(row => row.Groups).ToList();

        rows.Select(row => row["name"].Value).Order(StringComparer.Ordinal).ShouldBe(MetricList.All.Order(StringComparer.Ordinal));
        rows.Where(row => row["unit"].Value.Trim() == "" || row["meaning"].Value.Trim() == "" || row["alarm"].Value.Trim() == "").ShouldBeEmpty();
    }

    [Fact]
    public void The_page_lists_the_attributes_that_spans_have() =>
        Page.Read("docs/metrics.md").Text.Split("## Traces")[1].Split('`').Where((_, index) => index % 2 == 1)
            .Intersect(SpanAttributes.Listed).Order(StringComparer.Ordinal).ShouldBe(SpanAttributes.Listed.Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("collector:4317")]
    [InlineData("ftp://127.0.0.1/")]
    public async Task An_endpoint_that_is_no_URL_is_refused_before_anything_starts(string endpoint)
    {
        var program = new LedgerProgram("Host=127.0.0.1;Port=1;Database=none;Username=nobody")
        {
            Environment = new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint },
        };

        (await program.RunAsync("serve")).ShouldExit(2).Errors.ShouldContain("OTEL_EXPORTER_OTLP_ENDPOINT");
    }

    [GeneratedRegex(@"^\| `(?<name>[a-z0-9_.]+)` \|(?<unit>[^|\n]+)\|(?<meaning>[^|\n]+)\|(?<alarm>[^|\n]+)\|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
