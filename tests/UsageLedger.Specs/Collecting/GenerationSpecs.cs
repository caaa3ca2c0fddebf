using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using UsageLedger.Collecting;
using UsageLedger.Collecting.OpenRouter;
using UsageLedger.Recording;
using UsageLedger.Specs.Recording;

namespace UsageLedger.Specs.Collecting;

/// <summary>What OpenRouter says of a generation, as usage: the whole cost once, however it is told.</summary>
public sealed class GenerationSpecs
{
    [SharedDataFact("openrouter/openrouter-broadcast-otlp.json")]
    public void A_real_broadcast_is_one_generation_to_the_last_digit()
    {
        var made = new Normalised();
        using var file = JsonDocument.Parse(File.ReadAllBytes(SharedData.Find("openrouter/openrouter-broadcast-otlp.json")!));
        Broadcasts.Take(file.RootElement, Vendors.Source("openrouter"), made).ShouldBeEmpty();

        made.Records.Select(record => (record.IdempotencyKey, record.Metric, record.Quantity, record.Cost)).ShouldBe(
        [
            ("generation:gen-fixture-fork-1:input", "llm.tokens.input", 48894m, 1005 * 1e-6m + 47889 * 1.25e-6m),
            ("generation:gen-fixture-fork-1:output", "llm.tokens.output", 842m, 0.00421m),
            ("generation:gen-fixture-fork-1:rest", "llm.generation", 1m, 0m),
            ("generation:gen-fixture-fork-1:cache_write", "llm.tokens.cache_write", 47889m, 0m),
            ("generation:gen-fixture-fork-1:reasoning", "llm.tokens.reasoning", 518m, 0m),
        ]);
        made.Records.Sum(record => record.Cost).ShouldBe(0.06507625m);
        made.Records[0].Attribute("mapping.apikey").ShouldBe("fixture key");
        made.Records[0].OccurredAt.ShouldBe(Instant.FromUnixTimeMilliseconds(1790605448278));
        Vendors.Written(made.Records).ShouldNotContain("0000000000000001");
    }

    [SharedDataFact("openrouter/openrouter-example-responses.json")]
    public void OpenRouters_own_answer_puts_the_whole_cost_on_the_generation()
    {
        var made = new Normalised();
        using var file = JsonDocument.Parse(File.ReadAllBytes(SharedData.Find("openrouter/openrouter-example-responses.json")!));
        Generations.Take(file.RootElement.GetProperty("GET /api/v1/generation 200").GetProperty("data"), Vendors.Source("openrouter"), made);

        made.Records.Sum(record => record.Cost).ShouldBe(0.0015m);
        made.Records.At("generation:gen-3bhGkxlo4XFrqiabUM7NDtwDzWwG:input").Quantity.ShouldBe(10);
        made.Records[0].OccurredAt.ShouldBe(Instant.FromUtc(2024, 7, 15, 23, 33, 20) + Duration.FromTicks(6_332_730));
    }

    [Theory]
    [InlineData("0.5", "0.1", "0.6", "0")]
    [InlineData("0.5", "0.1", "0.55", "-0.05")]
    [InlineData("1e-06", "2e-6", "3.5e-06", "0.0000005")]
    [InlineData("0", "0", "2", "2")]
    public void What_input_and_output_do_not_bear_is_the_generations(string input, string output, string total, string rest)
    {
        var made = Take(Root($$$"""
            {{{Number("gen_ai.usage.input_cost", input)}}},{{{Number("gen_ai.usage.output_cost", output)}}},
            {"key":"gen_ai.usage.total_cost","value":{"{{{(total == "2" ? "intValue" : "doubleValue")}}}":{{{total}}}}}
            """)).Made;

        ExactDecimal.ToText(made.Records.At("generation:gen-1:rest").Cost!.Value).ShouldBe(rest);
    }

    [Theory]
    [InlineData("input_tokens", "output_tokens", "7")]
    [InlineData("prompt_tokens", "completion_tokens", "\"7\"")]
    public void Both_spellings_and_both_forms_of_whole_numbers_are_read(string input, string output, string seven)
    {
        var made = Take(Root($$$"""
            {"key":"gen_ai.usage.{{{input}}}","value":{"intValue":{{{seven}}}}},{"key":"gen_ai.usage.{{{output}}}.reasoning","value":{"intValue":{{{seven}}}}}
            """)).Made;

        made.Records.At("generation:gen-1:input").Quantity.ShouldBe(7);
        made.Records.At("generation:gen-1:reasoning").Quantity.ShouldBe(7);
    }

    [Fact]
    public void A_cost_that_is_not_told_is_pending_and_asked_for()
    {
        var (made, ask) = Take(Root(Number("gen_ai.usage.input_cost", "0.5")));

        ask.ShouldBe(["gen-1"]);
        made.Records.At("generation:gen-1:rest").Cost.ShouldBeNull();
    }

    /// <summary>Every order, also with repeats, of broadcasts that tell all, some or nothing of the costs, and of answers that tell the whole.</summary>
    [Fact]
    public void The_whole_cost_lands_once_in_whatever_order_it_is_told()
    {
        const string Total = "total_cost";
        (string Name, string Value)[] all = [("input_cost", "0.5"), ("output_cost", "0.2"), (Total, "0.75")];
        string[][] broadcasts = [[], ["input_cost"], ["input_cost", "output_cost"], [Total], ["input_cost", Total], ["input_cost", "output_cost", Total]];
        List<(IReadOnlyList<UsageRecord> Records, RecordingMode Mode, bool IsWhole)> tellings =
        [
            .. broadcasts.Select(names => (
                Take(Root(string.Join(',', all.Where(cost => names.Contains(cost.Name)).Select(cost => Number("gen_ai.usage." + cost.Name, cost.Value))
                    .Prepend(Number("gen_ai.usage.input_tokens", "7"))))).Made.Records,
                RecordingMode.Pushed, names.Contains(Total))),
            (Fetched(""), RecordingMode.Polled, false), (Fetched(",\"total_cost\":0.75"), RecordingMode.Polled, true),
        ];
        Prop.ForAll(Gen.NonEmptyListOf(Gen.Elements<int>([.. Enumerable.Range(0, tellings.Count)])).ToArbitrary(), order =>
        {
            var log = new LogInMemory();
            foreach (var (records, mode, _) in order.Select(place => tellings[place]))
            {
                log.Record([.. records.Select(record => new ParsedUsage(record, mode, []))]);
            }

            var told = log.Usage();
            var isKnown = order.Any(place => tellings[place].IsWhole);
            return told.Count(record => record.Cost is null) == (isKnown ? 0 : 3) && told.Sum(record => record.Cost ?? 0) == (isKnown ? 0.75m : 0);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void What_an_own_provider_charges_is_told_apart()
    {
        var made = Take(Root("""
            {"key":"trace.metadata.openrouter_generation.is_byok","value":{"boolValue":true}},
            {"key":"trace.metadata.openrouter_generation.usage_upstream","value":{"doubleValue":0.4}},{"key":"gen_ai.usage.total_cost","value":{"doubleValue":0.02}}
            """)).Made;

        (made.Records.At("generation:gen-1:rest").Attribute("byokCost"), made.Records.Sum(record => record.Cost)).ShouldBe(("0.4", 0.02m));
    }

    [Theory]
    [InlineData("{}", null)]
    [InlineData("", null)]
    [InlineData("""{"resourceSpans":[]}""", null)]
    [InlineData("""{"resourceSpans":[{"scopeSpans":[{"spans":[]}]}]}""", null)]
    [InlineData("[]", "no resourceSpans")]
    [InlineData("{", "not JSON")]
    [InlineData("""{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"x"}]}]}]}""", "no generation")]
    public void What_holds_no_generation_says_nothing_or_is_unusable(string body, string? reason)
    {
        var reading = new OpenRouterWebhooks().Read(Vendors.Delivery(body), Vendors.Source("openrouter"), Vendors.Numbers);
        if (reason is null)
        {
            reading.Quarantine.ShouldBeNull();
        }
        else
        {
            reading.Quarantine.ShouldNotBeNull().ShouldContain(reason);
        }
    }

    [Fact]
    public void A_broadcast_is_read_whatever_header_comes_with_it()
    {
        var body = Root(Number("gen_ai.usage.total_cost", "0.5"));

        new OpenRouterWebhooks().Read(Vendors.Delivery(body, ("x-test-connection", "true")), Vendors.Source("openrouter"), Vendors.Numbers)
            .Records.Sum(record => record.Cost).ShouldBe(0.5m);
    }

    private static IReadOnlyList<UsageRecord> Fetched(string cost)
    {
        var made = new Normalised();
        Generations.Take(
            Vendors.Json($$"""{"id":"gen-1","created_at":"2026-10-01T10:00:00Z","native_tokens_prompt":7{{cost}}}"""), Vendors.Source("openrouter"), made);
        return made.Records;
    }

    private static (Normalised Made, IReadOnlyList<string> Ask) Take(string json)
    {
        var made = new Normalised();
        return (made, Broadcasts.Take(Vendors.Json(json), Vendors.Source("openrouter"), made));
    }

    private static string Number(string key, string value) => $$$"""{"key":"{{{key}}}","value":{"doubleValue":{{{value}}}}}""";

    private static string Root(string attributes) => $$$"""
        {"resourceSpans":[{"scopeSpans":[{"spans":[
        {"name":"LLM Generation","endTimeUnixNano":"1790605448278000000","attributes":[{"key":"span.type","value":{"stringValue":"generation"}},
        {"key":"gen_ai.response.id","value":{"stringValue":"gen-1"}},{{{attributes}}}]},
        {"name":"attempt","parentSpanId":"1","endTimeUnixNano":"1790605448278000000","attributes":[{"key":"span.type","value":{"stringValue":"span"}},
        {"key":"gen_ai.response.id","value":{"stringValue":"gen-1:attempt-0"}},{"key":"gen_ai.usage.total_cost","value":{"doubleValue":9}}]}]}]}]}
        """;
}
