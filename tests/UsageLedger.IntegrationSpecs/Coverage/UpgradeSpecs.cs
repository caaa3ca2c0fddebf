using UsageLedger.Collecting.Runs;
using UsageLedger.IntegrationSpecs.Demo;
using UsageLedger.Reporting;

namespace UsageLedger.IntegrationSpecs.Coverage;

/// <summary>Read models that have been given tables after they were built hold in them what was in the log before.</summary>
public sealed class UpgradeSpecs
{
    private const string AsItWas = """
        truncate read.captured_sources, read.captured_runs, read.captured_hours, read.captured_clients, read.coverage_hours, read.vendor_totals,
            read.captured_days, read.coverage_days, read.vendor_days, read.late_usage;
        select true
        """;

    private static readonly string[] Files = ["0303_captured_usage_anew.sql", "0304_late_usage_filled.sql", "0314_captured_usage_by_days.sql"];

    [Fact]
    public async Task What_was_recorded_before_an_upgrade_is_in_the_tables_that_came_with_it()
    {
        await using var ledger = await CoveredLedger.StartAsync(9, 2);
        await ledger.ConfigureAsync("openrouter");
        await ledger.WakeAsync(24 + 6, "openrouter");
        await ledger.CollectAsync("openrouter", 0, 24);
        (await ledger.AskAsync<long>("select count(*) from read.late_usage")).ShouldBeGreaterThan(0);
        await ledger.AskAsync<bool>(AsItWas);

        // A migration would refuse beside the server that runs here; these files may be applied at any time.
        foreach (var file in Files)
        {
            await using var apply = ledger.Database.CreateCommand(Page.Read($"src/UsageLedger/Schema/{file}").Text);
            await apply.ExecuteNonQueryAsync();
        }

        await ledger.SettledAsync();
        await ledger.ShouldRebuildAsync(new CapturedUsage());
        await ledger.ShouldRebuildAsync(new UsageBuckets());
    }
}
