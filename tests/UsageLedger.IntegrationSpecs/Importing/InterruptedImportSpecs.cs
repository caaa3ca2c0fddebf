using System.Diagnostics;
using System.Text;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Importing;

public sealed class InterruptedImportSpecs(ImportLedger ledger) : IClassFixture<ImportLedger>
{
    private const int Records = 40_000;
    private const int SentBeforeTheKill = 25_000;

    private static readonly TimeSpan UnderWayMax = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task An_import_that_was_killed_is_completed_by_the_next_one()
    {
        var lines = Enumerable.Range(0, Records).Select(index => Usage.Record($"{index}")).ToArray();
        var pipe = ledger.Program.In("endless.ndjson");
        using (var make = Process.Start("mkfifo", [pipe]))
            await make.WaitForExitAsync();

        using var import = ledger.Program.Start("import", pipe, "--tenant", "killed", "--source", "files", "--json");
        using var lifeline = new Lifeline(import);
        await using var sending = new FileStream(pipe, FileMode.Open, FileAccess.Write);
        await sending.WriteAsync(Encoding.UTF8.GetBytes(string.Join('\n', lines.Take(SentBeforeTheKill)) + "\n"));
        await sending.FlushAsync();
        var recorded = await UnderWayAsync(import);
        import.Kill();
        await import.WaitForExitAsync();

        var file = await ledger.FileAsync("whole.ndjson", lines);
        var completed = (await ledger.ImportAsync(file, "killed")).ShouldExit(0).Json;

        completed["duplicates"]!.GetValue<long>().ShouldBeInRange(recorded, SentBeforeTheKill);
        (completed["accepted"]!.GetValue<long>() + completed["duplicates"]!.GetValue<long>()).ShouldBe(Records);
        (await ledger.CountAsync("killed")).ShouldBe(Records);
        (await ledger.Program.RunAsync("verify", "--json")).ShouldExit(0).Json["events"]!.GetValue<long>().ShouldBe(Records);
    }

    /// <summary>How many records there are as soon as there are some.</summary>
    private async Task<long> UnderWayAsync(Process import)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            if (await ledger.CountAsync("killed") is > 0 and var recorded)
                return recorded;
            import.HasExited.ShouldBeFalse();
            waited.Elapsed.ShouldBeLessThan(UnderWayMax);
            await Task.Delay(5);
        }
    }
}
