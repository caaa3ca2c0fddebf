using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Npgsql;
using UsageLedger.EventLog.Projecting;
using UsageLedger.Host;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.Reporting;

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

    [Fact]
    public async Task A_verb_does_not_wait_for_ever_for_read_models_whose_owner_hangs()
    {
        await using var log = await SpecLog.OpenAsync();
        await log.Appender().AppendAsync(SpecUsage.Request([new SpecUsage("call", Instant.FromUtc(2026, 10, 1, 0, 0)).Recorded()]), default);
        await using var owner = await log.Database.OpenConnectionAsync();
        await using var own = new NpgsqlCommand("select pg_advisory_lock($1, hashtext($2))", owner)
        {
            Parameters = { new() { Value = ProjectionRunner.OwnershipLocks }, new() { Value = UsageBuckets.ProjectionName } },
        };
        await own.ExecuteNonQueryAsync();

        var failure = await Should.ThrowAsync<ReadModelsStillException>(
            CatchUp.RunAsync(log.Database, NullLoggerFactory.Instance, default, TimeSpan.FromSeconds(3)).WaitAsync(TimeSpan.FromSeconds(60)));

        failure.Message.ShouldStartWith(UsageBuckets.ProjectionName + " did not move");
    }

    private static async Task<long> StillAsync(SpecLog log, params string[] statements)
    {
        foreach (var statement in statements)
            await log.DoAsync(statement);
        return (await ProjectionStore.AllAsync(log.Database, default)).Single(status => status.Name == "spec").StillSeconds;
    }
}
