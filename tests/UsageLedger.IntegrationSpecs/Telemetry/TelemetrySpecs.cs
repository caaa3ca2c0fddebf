using UsageLedger.Host.Telemetry;

namespace UsageLedger.IntegrationSpecs.Telemetry;

/// <summary>What a collector sees of a real server.</summary>
public sealed class TelemetrySpecs(ExportingLedger ledger) : IClassFixture<ExportingLedger>
{
    private static readonly HashSet<string> Bounded =
    [
        "ledger.projection", "ledger.status", "ledger.alarm", "ledger.kind", "ledger.check", "ledger.provider", "ledger.outcome", "ledger.code", "error.type",
        "http.route", "http.request.method", "http.response.status_code", "url.scheme", "network.protocol.name", "network.protocol.version", "network.transport",
        "network.type", "server.address", "server.port", "aspnetcore.request.is_unhandled", "cpu.mode",
    ];

    [Fact]
    public void Every_metric_of_the_page_is_seen_and_no_other() =>
        ledger.Receiver.Metrics.Select(metric => metric.Name).Order(StringComparer.Ordinal).ShouldBe(MetricList.All.Order(StringComparer.Ordinal));

    [Fact]
    public void Attributes_of_metrics_are_words_of_which_there_are_few() =>
        ledger.Receiver.Metrics.SelectMany(metric => metric.Attributes).Distinct().Except(Bounded).ShouldBeEmpty();

    [Fact]
    public void A_request_its_append_and_its_commit_are_one_trace_under_the_correlation_id_of_the_caller()
    {
        var spans = ledger.Receiver.Spans;
        var append = spans.Single(span => span.Name == "ledger.append" && span.Attributes.GetValueOrDefault("ledger.correlation_id") == ExportingLedger.Correlation);
        var request = spans.Single(span => span.Id == append.Parent);
        var commit = spans.Single(span => span.Parent == append.Id);

        (request.Name, request.Attributes["ledger.correlation_id"]).ShouldBe(("POST /v1/usage", ExportingLedger.Correlation));
        (commit.Name, commit.Trace).ShouldBe(("ledger.commit", request.Trace));
    }

    [Fact]
    public void A_run_and_what_the_vendor_was_asked_for_it_are_one_trace()
    {
        var spans = ledger.Receiver.Spans;
        var item = spans.Single(span => span.Name == "ledger.inbox.collect");
        var run = spans.Single(span => span.Name == "ledger.collection.run");
        var asked = spans.Where(span => span.Name == "ledger.vendor.request").ToList();

        run.Parent.ShouldBe(item.Id);
        asked.ShouldNotBeEmpty();
        asked.ShouldAllBe(span => span.Trace == item.Trace && span.Attributes["ledger.provider"] == "retell");
        spans.ShouldContain(span => span.Name == "ledger.projection.advance" && span.Attributes["ledger.projection"] == "usage_buckets");
    }

    [Fact]
    public void Spans_carry_the_attributes_that_are_listed_and_no_others() =>
        ledger.Receiver.Spans.SelectMany(span => span.Attributes.Keys).Distinct().Except(SpanAttributes.Listed).ShouldBeEmpty();

    [Fact]
    public void Nothing_that_leaves_names_a_tenant_a_client_a_number_or_a_secret()
    {
        var everything = ledger.Receiver.Everything;

        everything.ShouldContain("ledger.append.events");
        ledger.Secrets.Where(secret => everything.Contains(secret, StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
    }
}
