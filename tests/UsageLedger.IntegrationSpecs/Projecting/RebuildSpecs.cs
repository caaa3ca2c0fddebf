using NodaTime;
using Npgsql;
using UsageLedger.Clients;
using UsageLedger.Cycles;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Projecting;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.Reporting;

namespace UsageLedger.IntegrationSpecs.Projecting;

/// <summary>A read model made anew from the log is the one that grew with it, and takes its place unnoticed.</summary>
public sealed class RebuildSpecs
{
    private static readonly Instant Start = Instant.FromUtc(2026, 10, 1, 0, 0);
    private static readonly IProjection[] All = [new UsageBuckets(), new CycleAggregates()];

    [Fact]
    public async Task Rebuilt_equals_live()
    {
        await using var log = await SpecLog.OpenAsync();
        await using var running = RunningProjections.Start(log, options: RunningProjections.Brisk with { BatchPositionsMax = 37 });
        await FillAsync(log);

        foreach (var projection in All)
        {
            foreach (var batch in new[] { 64, 100_000 })
            {
                var outcome = await new ProjectionRebuild(log.Database, new ProjectionOptions { RebuildPositionsMax = batch }).RunAsync(projection, true, null, default);
                (outcome.Name, outcome.Events, outcome.Differences).ShouldBe((projection.Name, await log.HeadAsync(), 0), string.Join('\n', outcome.Examples));
            }
        }
    }

    [Fact]
    public async Task A_changed_a_missing_and_an_added_row_are_named()
    {
        await using var log = await SpecLog.OpenAsync();
        await using var running = RunningProjections.Start(log);
        await FillAsync(log);
        await log.DoAsync("update read.usage_buckets set cost = cost + 0.01 where quarter_hour = '2026-10-01 00:00+00' and client_id = 'contoso'");
        await log.DoAsync("delete from read.cycle_aggregates where client_id = 'fabrikam'");
        await log.DoAsync("insert into read.cycle_calendars values ('acme', 'nobody', '-infinity', '-infinity', 'infinity', 'UTC', 'monthly', 1)");
        var rebuild = new ProjectionRebuild(log.Database, new ProjectionOptions());

        var buckets = await rebuild.RunAsync(All[0], true, null, default);
        var cycles = await rebuild.RunAsync(All[1], true, null, default);

        buckets.Differences.ShouldBe(2);
        buckets.Examples.Select(example => (example.Table, example.Side)).ShouldBe([("usage_buckets", "live"), ("usage_buckets", "rebuilt")], ignoreOrder: true);
        buckets.Examples.ShouldAllBe(example => example.Row.Contains("contoso"));
        cycles.Examples.Select(example => (example.Table, example.Side)).Distinct()
            .ShouldBe([("cycle_aggregates", "rebuilt"), ("cycle_calendars", "live")], ignoreOrder: true);
        (await rebuild.RunAsync(All[0], true, null, default)).Differences.ShouldBe(0);
        (await rebuild.RunAsync(All[1], true, null, default)).Differences.ShouldBe(0);
    }

    [Fact]
    public async Task What_was_set_back_while_it_was_built_anew_is_not_exchanged()
    {
        await using var log = await SpecLog.OpenAsync();
        await using (RunningProjections.Start(log))
            await FillAsync(log);
        var rebuild = new ProjectionRebuild(log.Database, new ProjectionOptions());

        var refused = await Should.ThrowAsync<SchemaMismatchException>(rebuild.RunAsync(All[0], false, new SetBack(log.Database), default));

        refused.Message.ShouldContain("usage_buckets was set back to 0");
        (await log.AskAsync<long>("select position from ledger.projections where name = 'usage_buckets'")).ShouldBe(0);
        (await log.AskAsync<long>("select count(*) from read.usage_buckets")).ShouldBe(0);
    }

    /// <summary>A migration that comes once the rebuild has gone through the log.</summary>
    private sealed class SetBack(NpgsqlDataSource database) : IProgress<long>
    {
        public void Report(long value)
        {
            using var command = database.CreateCommand("update ledger.projections set position = 0 where name = 'usage_buckets'; truncate read.usage_buckets");
            command.ExecuteNonQuery();
        }
    }

    [Fact]
    public async Task Meanwhile_reads_and_appends_go_on_and_nothing_is_lost_or_doubled()
    {
        await using var log = await SpecLog.OpenAsync();
        await using var running = RunningProjections.Start(log);
        await FillAsync(log);
        var appender = log.Appender("writer");
        using var done = new CancellationTokenSource();
        var reading = Task.Run(() => ReadAsync(log, done.Token));
        var writing = Task.Run(() => WriteAsync(appender, done.Token));

        for (var round = 0; round < 4; round++)
        {
            var outcome = await new ProjectionRebuild(log.Database, new ProjectionOptions { RebuildPositionsMax = 200 }).RunAsync(All[round % 2], true, null, default);
            outcome.Differences.ShouldBe(0, string.Join('\n', outcome.Examples));
        }

        await done.CancelAsync();
        await writing;
        (await reading).ShouldBeGreaterThan(0);
        await log.UntilCaughtUpAsync();
        (await log.AskAsync<long>("select sum(records)::bigint from read.usage_buckets"))
            .ShouldBe(await log.AskAsync<long>("select sum(case type when 'usage_recorded' then 1 when 'usage_voided' then -1 end) from ledger.mt_events"));
    }

    [Fact]
    public async Task Beside_a_dump_it_gives_way_to_readers_and_ends_when_the_dump_does()
    {
        await using var log = await SpecLog.OpenAsync();
        await using var running = RunningProjections.Start(log);
        await FillAsync(log);
        await using var dump = await log.Open("pg_dump").OpenConnectionAsync();
        await using var dumping = await dump.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("lock table read.usage_buckets in access share mode", dump))
            await hold.ExecuteNonQueryAsync();
        var told = new TaskCompletionSource<string>();

        var rebuilding = new ProjectionRebuild(log.Database, new ProjectionOptions(), whom => told.TrySetResult(whom)).RunAsync(All[0], true, null, default);
        (await told.Task.WaitAsync(TimeSpan.FromSeconds(20))).ShouldContain($"session {dump.ProcessID} (pg_dump)");

        await log.AskAsync<long>("select count(*) from read.usage_buckets").WaitAsync(TimeSpan.FromSeconds(5));
        await log.Appender("writer").AppendAsync(SpecUsage.Request(Usages("beside/", 10).Select(usage => usage.Recorded())), default);
        await log.UntilCaughtUpAsync();
        rebuilding.IsCompleted.ShouldBeFalse();
        await dumping.RollbackAsync();
        (await rebuilding.WaitAsync(TimeSpan.FromSeconds(20))).Differences.ShouldBe(0);
    }

    [Fact]
    public async Task Rebuilds_take_turns()
    {
        await using var log = await SpecLog.OpenAsync();
        await using var running = RunningProjections.Start(log);
        await FillAsync(log);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() =>
            new ProjectionRebuild(log.Database, new ProjectionOptions()).RunAsync(All[i % 2], true, null, default))));

        outcomes.ShouldAllBe(outcome => outcome.Differences == 0);
    }

    /// <summary>Never fewer records than before: readers see the old table or the new one, never neither.</summary>
    private static async Task<int> ReadAsync(SpecLog log, CancellationToken done)
    {
        var (reads, last) = (0, 0L);
        while (!done.IsCancellationRequested)
        {
            var records = await log.AskAsync<long>("select coalesce(sum(records), 0)::bigint from read.usage_buckets");
            records.ShouldBeGreaterThanOrEqualTo(last);
            (await log.AskAsync<long>("select count(*) from read.cycle_aggregates")).ShouldBeGreaterThan(0);
            (reads, last) = (reads + 1, records);
        }

        return reads;
    }

    private static async Task WriteAsync(LogAppender appender, CancellationToken done)
    {
        for (var i = 0; !done.IsCancellationRequested && i < 200; i++)
            await appender.AppendAsync(SpecUsage.Request(Usages($"w{i}/", 10).Select(usage => usage.Recorded())), default);
    }

    private static async Task FillAsync(SpecLog log)
    {
        var appender = log.Appender();
        var usages = Usages("k", 200);
        await appender.AppendAsync(SpecUsage.Request(usages.Select(usage => usage.Recorded())), default);
        await appender.AppendAsync(SpecUsage.Request(Registered("contoso"), Registered("fabrikam")), default);
        await appender.AppendAsync(SpecUsage.Request(usages.Where((_, i) => i % 4 == 1).Select(usage => usage.RevisedTo(usage with { Quantity = 7, Client = "fabrikam", Cost = null }))), default);
        await appender.AppendAsync(SpecUsage.Request(usages.Where((_, i) => i % 10 == 2).Select(usage => usage.Voided())), default);
        await log.UntilCaughtUpAsync();
    }

    private static List<SpecUsage> Usages(string prefix, int count) => [.. Enumerable.Range(0, count).Select(i =>
        new SpecUsage(FormattableString.Invariant($"{prefix}{i}"), Start + Duration.FromMinutes(i * 31)) { Client = i % 5 == 4 ? null : "contoso", Quantity = i / 10m })];

    private static AppendItem Registered(string client)
    {
        var id = DeterministicId.Of("registration", client);
        var registered = new ClientRegistered(client, client, "Asia/Kathmandu", "weekly", 3, 0, "USD", null);
        return new AppendItem(id, new NewEvent(id, StreamNames.OfRegistration(client), EventTypes.ClientRegistered, registered.ToCanonical()));
    }
}
