using System.Text.Json;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Simulators;

/// <summary><c>ledger simulate</c> needs no database, says where it listens, and ends when told.</summary>
public sealed class SimulateVerbSpecs
{
    private static readonly TimeSpan ReadyMax = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task It_serves_the_world_of_its_seed_until_stopped()
    {
        using var process = new LedgerProgram().Start("simulate", "--urls", "http://127.0.0.1:0", "--seed", "42", "--from", "2026-10-01T00:00:00Z", "--calls", "5", "--json");
        try
        {
            var line = await process.StandardOutput.ReadLineAsync().WaitAsync(ReadyMax);
            line.ShouldNotBeNull();
            var sim = JsonDocument.Parse(line).RootElement.GetProperty("sim").GetString();

            using var http = new HttpClient();
            var about = JsonDocument.Parse(await http.GetStringAsync(sim)).RootElement;

            about.GetProperty("seed").GetInt64().ShouldBe(42);
            about.GetProperty("to").GetString().ShouldBe("2026-11-01T00:00:00Z");
            about.GetProperty("retellCalls").GetInt32().ShouldBe(5);
        }
        finally
        {
            process.Kill();
        }
    }

    [Theory]
    [InlineData("--from", "october")]
    [InlineData("--calls", "-1")]
    [InlineData("--clients", "0")]
    [InlineData("--rate", "-1")]
    public async Task A_world_that_cannot_be_is_misuse(string option, string value)
    {
        var run = (await new LedgerProgram().RunAsync("simulate", "--urls", "http://127.0.0.1:0", option, value)).ShouldExit(2);

        run.Errors.ShouldNotBeEmpty();
    }
}
