using System.Diagnostics;
using NodaTime;
using UsageLedger.EventLog.Projecting;
using UsageLedger.IntegrationSpecs.EventLog;

namespace UsageLedger.IntegrationSpecs.Projecting;

/// <summary>One process at a time owns a projection; another takes over within seconds.</summary>
public sealed class OwnershipSpecs
{
    private const string Owners = """
        select a.application_name from pg_locks l join pg_stat_activity a on a.pid = l.pid
        where l.locktype = 'advisory' and l.granted and l.database = (select oid from pg_database where datname = current_database())
        """;

    private static readonly TimeSpan TakenOverWithin = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task When_the_owner_stops_the_other_takes_over()
    {
        await using var log = await SpecLog.OpenAsync();
        await using var first = RunningProjections.Start(log, "first", new ProjectionOptions());
        await UntilOwnedAsync(log, "first");
        await using var second = RunningProjections.Start(log, "second", new ProjectionOptions());
        await log.Appender().AppendAsync(Usage("a"), default);
        await log.UntilCaughtUpAsync();
        (await log.RowsAsync(Owners)).ShouldBe(["first", "first"]);

        var started = Stopwatch.GetTimestamp();
        await first.StopAsync();
        await UntilOwnedAsync(log, "second");

        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TakenOverWithin);
        await log.Appender("other").AppendAsync(Usage("b"), default);
        await log.UntilCaughtUpAsync();
        (await log.AskAsync<long>("select sum(records)::bigint from read.usage_buckets")).ShouldBe(2);
    }

    [Fact]
    public async Task When_the_owners_sessions_end_somebody_takes_over()
    {
        await using var log = await SpecLog.OpenAsync();
        await using var first = RunningProjections.Start(log, "first", new ProjectionOptions { TakeoverEvery = TimeSpan.FromHours(1) });
        await UntilOwnedAsync(log, "first");
        await using var second = RunningProjections.Start(log, "second", new ProjectionOptions());

        var started = Stopwatch.GetTimestamp();
        await log.TerminateAsync("first");
        await log.Appender().AppendAsync(Usage("a"), default);
        await log.UntilCaughtUpAsync();

        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TakenOverWithin);
        (await log.RowsAsync(Owners)).ShouldBe(["second", "second"]);
    }

    private static Task UntilOwnedAsync(SpecLog log, string name) => SpecLog.UntilAsync(
        async () => await log.RowsAsync(Owners) is [var one, var other] && one == name && other == name, $"{name} owns the projections");

    private static UsageLedger.EventLog.Appending.AppendRequest Usage(string key) =>
        SpecUsage.Request(new SpecUsage(key, Instant.FromUtc(2026, 10, 1, 0, 0)).Recorded());
}
