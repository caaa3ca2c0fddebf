using UsageLedger.Importing;
using UsageLedger.Recording;
using UsageLedger.Specs.Recording;

namespace UsageLedger.Specs.Importing;

public sealed class LlmTraceFileSpecs
{
    private const string Header = "TIMESTAMP,ContextTokens,GeneratedTokens\r\n";

    private static readonly UsageDefaults Priced = ImportUsage.DefaultsOf("azure", "contoso",
        new Dictionary<string, decimal> { ["llm.tokens.input"] = 0.00000015m, ["llm.tokens.output"] = 0.0000006m }, revision: false);

    [Fact]
    public async Task A_row_is_what_went_in_and_what_came_out()
    {
        var items = await Files.ReadAsync(ImportFormat.LlmTrace, $"{Header}2023-11-16 18:15:46.6805900,374,44\r\n2023-11-16 18:15:50.9951699,396,0", Priced);

        items.Told().ShouldBe(["2 taken", "2 taken", "3 taken", "3 taken"]);
        UsageRecordJson.Write(items.Records()[0]).ToString().ShouldBe(
            """{"clientId":"contoso","cost":"0.0000561","currency":"USD","idempotencyKey":"trace.csv:1:llm.tokens.input","metric":"llm.tokens.input","occurredAt":"2023-11-16T18:15:46.68059Z","provider":"llm","quantity":"374","source":"azure","unit":"token","unitCost":"0.00000015"}""");
        UsageRecordJson.Write(items.Records()[3]).ToString().ShouldBe(
            """{"clientId":"contoso","cost":"0","currency":"USD","idempotencyKey":"trace.csv:2:llm.tokens.output","metric":"llm.tokens.output","occurredAt":"2023-11-16T18:15:50.995169Z","provider":"llm","quantity":"0","source":"azure","unit":"token","unitCost":"0.0000006"}""");
    }

    [Fact]
    public async Task Without_a_price_the_cost_is_pending() =>
        (await Files.ReadAsync(ImportFormat.LlmTrace, $"{Header}2023-11-16 18:15:46,1,1")).Records().ShouldAllBe(record => record.Cost == null);

    [Fact]
    public async Task A_bad_row_is_refused_by_itself_and_still_counts() =>
        (await Files.ReadAsync(ImportFormat.LlmTrace, $"{Header}yesterday,1,x\n2023-11-16 18:15:46,1\n2023-11-16 18:15:46,-1,2\n2023-11-16 18:15:46,1,1"))
            .Where(item => item.Line < 5 || item.Usage.Record!.IdempotencyKey.StartsWith("trace.csv:4:", StringComparison.Ordinal)).Told().ShouldBe(
            [
                "2 /TIMESTAMP not_an_instant", "2 /GeneratedTokens not_a_number, /TIMESTAMP not_an_instant", "3 invalid_row",
                "4 /ContextTokens negative_quantity", "4 taken", "5 taken", "5 taken"
            ]);

    [Fact]
    public async Task Another_header_refuses_the_file() =>
        (await Files.ReadAsync(ImportFormat.LlmTrace, "time,in,out\n2023-11-16 18:15:46,1,1\n")).Told().ShouldBe(["1 invalid_header"]);

    [SharedDataFact("azure-llm-trace")]
    public async Task A_real_trace_is_recorded_to_the_last_token_once()
    {
        var path = SharedData.Find("azure-llm-trace/AzureLLMInferenceTrace_conv.csv")!;
        var log = new LogInMemory();
        var command = new ImportUsage(LogInMemory.Tenant, "c", Path.GetFileName(path), ImportFormat.LlmTrace, Priced, Bodies.Now);

        var first = await Import(command, path, log);
        var second = await Import(command, path, log);

        (first.Accepted, first.Rejected, first.Position, first.IsClean).ShouldBe((38_732, 0, 38_732, true));
        (second.Accepted, second.Duplicates, second.Position).ShouldBe((0, 38_732, 38_732));
        var rows = (await File.ReadAllLinesAsync(path)).Skip(1).Select(row => row.Split(',')).ToList();
        var records = log.Events.Select(recorded => UsageRecordJson.Read(recorded.Data)).ToList();
        Sum(records, "llm.tokens.input").ShouldBe((rows.Sum(row => long.Parse(row[1], null)), rows.Sum(row => long.Parse(row[1], null)) * 0.00000015m));
        Sum(records, "llm.tokens.output").ShouldBe((rows.Sum(row => long.Parse(row[2], null)), rows.Sum(row => long.Parse(row[2], null)) * 0.0000006m));
    }

    private static (decimal Quantity, decimal Cost) Sum(List<UsageRecord> records, string metric) => (
        records.Where(record => record.Metric == metric).Sum(record => record.Quantity),
        records.Where(record => record.Metric == metric).Sum(record => record.Cost!.Value));

    private static async Task<ImportSummary> Import(ImportUsage command, string path, LogInMemory log)
    {
        await using var file = File.OpenRead(path);
        return await ImportUsageHandler.RunAsync(
            command, file, batch => Task.FromResult(log.Record(batch)), new Progress<ImportSummary>(), CancellationToken.None);
    }
}
