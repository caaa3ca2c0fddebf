using NodaTime;
using UsageLedger.Collecting;
using UsageLedger.Collecting.Runs;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Projecting;
using UsageLedger.IntegrationSpecs.EventLog;

namespace UsageLedger.IntegrationSpecs.Projecting;

/// <summary>Events that are folded one by one are held in memory by their size, not only by their number.</summary>
public sealed class FoldBoundSpecs
{
    private const int Large = 1024 * 1024;

    [Fact]
    public async Task A_step_reads_so_many_bytes_of_events_that_are_folded_and_the_next_goes_on_behind_them()
    {
        await using var log = await SpecLog.OpenAsync();
        var appender = log.Appender();
        for (var day = 1; day <= 20; day++)
        {
            var total = new VendorTotal(new LocalDate(2026, 10, day), new LocalDate(2026, 10, day), new string('x', Large), 1, null, null, "USD");
            var told = new VendorTotalsReported("voice", total.From, log.Clock.Now, [total]).ToEvent("acme", Guid.NewGuid());
            await appender.AppendAsync(new AppendRequest("acme", "spec", [new AppendItem(told.Id, told)]), default);
        }

        (await StepAsync(log, 0)).ShouldBe(16);
        (await StepAsync(log, 16)).ShouldBe(20);

        (await log.AskAsync<long>("select count(*) from read.vendor_totals")).ShouldBe(20);
    }

    private static async Task<long> StepAsync(SpecLog log, long after)
    {
        await using var connection = await log.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var reached = await ProjectionStep.RunAsync(connection, new CapturedUsage(), false, after, 20, default);
        await transaction.CommitAsync();
        return reached;
    }
}
