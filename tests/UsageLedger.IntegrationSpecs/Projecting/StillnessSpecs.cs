using NodaTime;
using UsageLedger.EventLog.Projecting;
using UsageLedger.IntegrationSpecs.EventLog;

namespace UsageLedger.IntegrationSpecs.Projecting;

public sealed class StillnessSpecs
{
    private const string LongAgo = "update ledger.projections set position = 1, updated_at = now() - interval '5 minutes'";
    private const string Waits = "update ledger.mt_events set timestamp = now() - interval '90 seconds' where seq_id = 2";
    private const string Moved = "update ledger.projections set updated_at = now() - interval '30 seconds'";
    private const string Reached = "update ledger.projections set position = 3, updated_at = now() - interval '5 minutes'";

    [Fact]
    public async Task A_projection_stands_still_since_it_last_moved_or_since_an_event_waits_whichever_is_later()
    {
        await using var log = await SpecLog.OpenAsync();
        await log.Appender().AppendAsync(SpecUsage.Request(Enumerable.Range(0, 3).Select(i => new SpecUsage($"call-{i}", Instant.FromUtc(2026, 10, 1, 0, 0)).Recorded())), default);
        await ProjectionStore.RegisterAsync(log.Database, ["spec"], default);

        (await StillAsync(log, LongAgo, Waits)).ShouldBeInRange(90, 110);
        (await StillAsync(log, Moved)).ShouldBeInRange(30, 50);
        (await StillAsync(log, Reached)).ShouldBe(0, "nothing waits");
    }

    private static async Task<long> StillAsync(SpecLog log, params string[] statements)
    {
        foreach (var statement in statements)
            await log.DoAsync(statement);
        return (await ProjectionStore.AllAsync(log.Database, default)).Single(status => status.Name == "spec").StillSeconds;
    }
}
