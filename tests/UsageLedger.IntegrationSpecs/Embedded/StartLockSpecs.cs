using UsageLedger.Host.Embedded;

namespace UsageLedger.IntegrationSpecs.Embedded;

public sealed class StartLockSpecs
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);

    private readonly string _lock = new DataDir().In("pg.lock");

    [Fact]
    public async Task Who_waits_too_long_is_told_which_file_is_held()
    {
        await using var holder = await StartLock.TakeAsync(_lock, Soon, CancellationToken.None);

        var refusal = await Should.ThrowAsync<EmbeddedPostgresException>(() => StartLock.TakeAsync(_lock, Soon, CancellationToken.None));
        refusal.Message.ShouldContain(_lock);
    }

    [Fact]
    public async Task One_at_a_time_has_it()
    {
        var inside = 0;
        var most = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            await using var turn = await StartLock.TakeAsync(_lock, TimeSpan.FromSeconds(30), CancellationToken.None);
            most = Math.Max(most, Interlocked.Increment(ref inside));
            await Task.Yield();
            Interlocked.Decrement(ref inside);
        })));
        most.ShouldBe(1);
    }

    [Fact]
    public void A_user_counts_until_it_leaves_or_its_lock_is_freed_by_its_death()
    {
        var users = Path.Combine(Path.GetDirectoryName(_lock)!, "pg.users");
        var user = ClusterUser.Enter(users);
        File.WriteAllText(Path.Combine(users, "dead.user"), "1\n");
        ClusterUser.AnyIn(users).ShouldBeTrue();

        user.Leave();

        ClusterUser.AnyIn(users).ShouldBeFalse();
        Directory.GetFiles(users).ShouldBeEmpty();
    }
}
