using System.Globalization;
using UsageLedger.IntegrationSpecs.Running;
using UsageLedger.Specs.Recording;

namespace UsageLedger.IntegrationSpecs.Importing;

/// <summary>An hour of real traffic, imported beside a running server and read back from it to the last digit.</summary>
[Collection(RunningLedger.Name)]
public sealed class AzureTraceSpecs(EmbeddedLedger ledger)
{
    private const string Trace = "azure-llm-trace/AzureLLMInferenceTrace_conv.csv";
    private const decimal InputPrice = 0.00000015m;
    private const decimal OutputPrice = 0.0000006m;

    [SharedDataFact(Trace)]
    public async Task The_trace_is_counted_once_and_exactly()
    {
        var rows = (await File.ReadAllLinesAsync(SharedData.Find(Trace)!)).Skip(1).Select(row => row.Split(',')).ToList();
        var (input, output) = (rows.Sum(row => Number(row[1])), rows.Sum(row => Number(row[2])));
        rows.Count.ShouldBe(19_366);

        var first = (await ImportAsync()).ShouldExit(0).Json;
        first["accepted"]!.GetValue<long>().ShouldBe(2 * rows.Count);

        var again = (await ImportAsync()).ShouldExit(0).Json;
        again["accepted"]!.GetValue<long>().ShouldBe(0);
        again["duplicates"]!.GetValue<long>().ShouldBe(38_732);

        var usage = await ledger.Caller.GetAsync(
            $"/v1/usage?clientId=llm-customer&from=2023-11-16T18:00:00Z&to=2023-11-16T20:00:00Z&groupBy=metric&minPosition={first["position"]}");
        usage.Json["rows"]!.AsArray().Select(row => $"{row!["metric"]} {row["quantity"]} {row["unit"]} {row["cost"]} {row["currency"]} {row["records"]}").ShouldBe(
        [
            $"llm.tokens.input {Text(input)} token {Text(input * InputPrice)} USD {rows.Count}",
            $"llm.tokens.output {Text(output)} token {Text(output * OutputPrice)} USD {rows.Count}",
        ], ignoreOrder: true);

        (await ledger.Program.RunAsync("projections", "rebuild", "all", "--verify", "--json")).ShouldExit(0);
        (await ledger.Program.RunAsync("verify", "--json")).ShouldExit(0);
    }

    private Task<LedgerRun> ImportAsync() => ledger.Program.RunAsync(
        "import", SharedData.Find(Trace)!, "--tenant", "acme", "--client", "llm-customer", "--source", "azure", "--format", "llm-trace",
        "--price", $"llm.tokens.input={Text(InputPrice)}", "--price", $"llm.tokens.output={Text(OutputPrice)}", "--json");

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Without zeros at the end.</summary>
    private static string Text(decimal number) => number.ToString("0.############################", CultureInfo.InvariantCulture);
}
