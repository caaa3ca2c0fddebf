using UsageLedger.Access;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.Reporting;

namespace UsageLedger.IntegrationSpecs.Plans;

/// <summary>Only reads that are known to gain by it go by one plan for all values; of others such a plan begins each page at the newest row again.</summary>
public sealed class PlanChoiceSpecs
{
    private const string Choice = "select current_setting('plan_cache_mode') || ', scans ' || current_setting('enable_seqscan')";

    [Fact]
    public async Task Reads_of_cycles_and_usage_keep_their_plans_and_all_others_are_planned_for_what_they_ask()
    {
        await using var log = await SpecLog.OpenAsync();

        (await OfAsync(() => ReadSnapshot.OfCyclesAsync(log.Database, "acme", default))).ShouldBe("force_generic_plan, scans off");
        (await OfAsync(() => ReadSnapshot.OfLinesAsync(log.Database, "acme", default))).ShouldBe("force_generic_plan, scans off");
        (await OfAsync(() => ReadSnapshot.OfUsageAsync(log.Database, "acme", default))).ShouldBe("force_generic_plan, scans off");
        (await OfAsync(() => ReadSnapshot.OfCapturedAsync(log.Database, "acme", default))).ShouldBe("force_custom_plan, scans on");
        await using var query = new TenantQuery(log.Database, "acme", Choice);
        await using var reader = await query.ExecuteReaderAsync(default);
        await reader.ReadAsync();
        reader.GetString(0).ShouldBe("force_custom_plan, scans on");
    }

    private static async Task<string> OfAsync(Func<Task<ReadSnapshot>> open)
    {
        await using var snapshot = await open();
        await using var choice = snapshot.Command(Choice);
        return (string)(await choice.ExecuteScalarAsync())!;
    }
}
