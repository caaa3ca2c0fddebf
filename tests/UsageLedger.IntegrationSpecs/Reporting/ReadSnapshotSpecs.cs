using UsageLedger.Cycles;
using UsageLedger.EventLog.Projecting;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.Reporting;
using static UsageLedger.IntegrationSpecs.Cycles.Books;
using static UsageLedger.IntegrationSpecs.Reporting.UsageReports;

namespace UsageLedger.IntegrationSpecs.Reporting;

public sealed class ReadSnapshotSpecs
{
    private const string SumRecords = "select sum(records)::bigint from read.cycle_aggregates";
    private const string AnyoneWaits = """
        select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')
        """;

    [Fact]
    public async Task A_moment_that_has_begun_is_not_left_with_the_empty_tables_of_a_rebuild()
    {
        await using var books = await OpenAsync();
        await books.RecordAsync(Usage("1", "2026-10-02T10:00:00Z"), Usage("2", "2026-10-02T10:00:00Z"));
        await books.ArriveAsync();

        Task<RebuildOutcome> rebuilding;
        await using (var snapshot = await ReadSnapshot.OfAllLinesAsync(books.Log.Database, default))
        {
            rebuilding = new ProjectionRebuild(books.Log.Database, new ProjectionOptions()).RunAsync(new CycleAggregates(), false, null, default);
            await SpecLog.UntilAsync(async () => rebuilding.IsCompleted || await books.Log.AskAsync<bool>(AnyoneWaits), "the rebuild waits or is done");

            await using var select = snapshot.Command(SumRecords);
            (await select.ExecuteScalarAsync()).ShouldBe(2L);
        }

        (await rebuilding).Events.ShouldBe(2);
        (await books.CycleAsync("current")).Quality.Records.ShouldBe(2);
    }

    [Fact]
    public async Task Rows_and_position_are_of_one_moment_while_usage_comes_in()
    {
        await using var books = await OpenAsync();
        await books.RecordAsync(Usage("0", "2026-10-02T10:00:00Z", 1m));
        await books.ArriveAsync();
        var recording = Task.Run(async () =>
        {
            for (var number = 1; number <= 100; number++)
                await books.RecordAsync(Usage($"{number}", "2026-10-02T10:00:00Z", 1m));
        });

        do
        {
            var report = (await ReadCycleHandler.Handle(new ReadCycle(Tenant, "contoso", "current", books.Now), books.Log.Database, default))!;
            report.Quality.Records.ShouldBe(report.Position);
            var page = (await ReadUsageHandler.Handle(Ask("2026-10-02T10:00:00Z", "2026-10-02T10:00:01Z"), books.Log.Database, default)).Page!;
            page.Rows.Single().Records.ShouldBe(page.Position);
        }
        while (!recording.IsCompleted);

        await recording;
    }
}
