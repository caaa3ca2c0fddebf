using Npgsql;
using UsageLedger.EventLog.Appending;
using Xunit.Abstractions;

namespace UsageLedger.IntegrationSpecs.EventLog;

/// <summary>Sessions end at any moment: callers learn of it, and asking again under the same ids adds each event once.</summary>
public sealed class LostConnectionSpecs(ITestOutputHelper output)
{
    private const string Copies = """
        select exists (select from pg_stat_activity where datname = current_database() and application_name = 'victim' and query like 'copy%' and state = 'active')
        """;

    private const int Callers = 8;
    private const int RequestsEach = 40;
    private const int TriesMax = 200;
    private const int RoundsMax = 10;

    [Fact]
    public async Task A_group_whose_session_ends_fails_its_callers_and_writes_nothing()
    {
        await using var log = await SpecLog.OpenAsync();
        var appender = log.Appender("victim");
        await using var held = await HeldHead.TakeAsync(log);

        var alone = AppendAsync("alone");
        await held.WaitForWaiterAsync();
        var together = new[] { AppendAsync("one"), AppendAsync("other") };
        await log.TerminateAsync("victim");
        await Should.ThrowAsync<NpgsqlException>(alone);
        await held.WaitForWaiterAsync();
        var next = AppendAsync("next");
        await log.TerminateAsync("victim");
        foreach (var one in together)
            await Should.ThrowAsync<NpgsqlException>(one);
        await held.ReleaseAsync();

        (await next).Positions().ShouldBe(Enumerable.Range(1, 200).Select(position => (long)position));
        (await log.RowsAsync("select distinct split_part(data ->> 'key', '/', 1) from ledger.mt_events")).ShouldBe(["next"]);

        Task<AppendOutcome> AppendAsync(string name) => appender.AppendAsync(Appends.Many(name + "/", 200), default);
    }

    [Fact]
    public async Task A_session_that_ends_in_the_middle_of_its_copy_is_told_as_that_and_nothing_else()
    {
        await using var log = await SpecLog.OpenAsync();
        var appender = log.Appender("victim");
        var (ended, events) = (0, 0);

        for (var round = 0; round < 8; round++)
        {
            var request = Appends.Many($"{round}/", 9_000);
            var appending = TryAsync(appender, request);
            await SpecLog.UntilAsync(async () => appending.IsCompleted || await log.AskAsync<bool>(Copies), "the copy has begun");
            await log.TerminateAsync("victim");
            ended += await appending ? 0 : 1;
            events = await log.AskAsync<int>("select position::int from ledger.log_head");
            (events % 9_000).ShouldBe(0);
        }

        output.WriteLine($"{ended} copies ended");
        ended.ShouldBeGreaterThan(0);
        (await log.AskAsync<long>("select count(*) from ledger.mt_events")).ShouldBe(events);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    public async Task Asked_again_under_the_same_ids_each_event_is_in_the_log_once(int size)
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var log = await SpecLog.OpenAsync();
        var appenders = new[] { log.Appender("victim"), log.Appender("other") };
        using var done = new CancellationTokenSource();

        var killing = KillAsync(log, random, done.Token);
        var (rounds, retries) = (0, 0);
        while (retries == 0 && rounds < RoundsMax)
        {
            var round = rounds++;
            retries += (await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CallAsync(appenders[caller % 2], round, caller, size))))).Sum();
        }

        await done.CancelAsync();
        var kills = await killing;

        output.WriteLine($"{kills} sessions ended, {retries} requests asked again in {rounds} rounds");
        retries.ShouldBeGreaterThan(0, "or no session was lost in the middle of anything");
        var events = rounds * Callers * RequestsEach * size;
        var counts = await log.RowsAsync("select count(*), count(distinct id), min(seq_id), max(seq_id) from ledger.mt_events");
        counts.ShouldBe([FormattableString.Invariant($"{events} {events} 1 {events}")]);
        (await log.AskAsync<long>("select sum(version)::bigint from ledger.mt_streams")).ShouldBe(events);
        (await log.HeadAsync()).ShouldBe(events);
        await Tree.ShouldBeWholeAsync(log);
    }

    private static async Task<int> CallAsync(LogAppender appender, int round, int caller, int size)
    {
        var retries = 0;
        for (var i = 0; i < RequestsEach; i++)
        {
            var request = Appends.Many(FormattableString.Invariant($"{round}/{caller}/{i}/"), size, "s" + caller);
            while (!await TryAsync(appender, request))
                (++retries).ShouldBeLessThan(TriesMax);
        }

        return retries;
    }

    private static async Task<bool> TryAsync(LogAppender appender, AppendRequest request)
    {
        try
        {
            await appender.AppendAsync(request, default);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static async Task<int> KillAsync(SpecLog log, Random random, CancellationToken done)
    {
        var kills = 0;
        while (!done.IsCancellationRequested)
        {
            await log.TerminateAsync(random.Next(2) == 0 ? "victim" : "other");
            kills++;
            await Task.Delay(random.Next(5, 40), CancellationToken.None);
        }

        return kills;
    }
}
