using UsageLedger.Host.Health;

namespace UsageLedger.Specs.Health;

public sealed class SharedAskSpecs
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly TaskCompletionSource<string> answer = new();
    private readonly TaskCompletionSource begun = new();
    private int asked;

    [Fact]
    public async Task One_asks_for_all_who_want_to_know()
    {
        var shared = Shared(Long);
        var waiting = Enumerable.Range(0, 3).Select(_ => shared.WithinAsync(Long, default)).ToList();

        answer.SetResult("told");

        (await Task.WhenAll(waiting)).ShouldBe(["told", "told", "told"]);
        asked.ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_that_comes_too_late_for_whoever_asked_is_there_for_the_next()
    {
        var shared = Shared(Long);

        (await shared.WithinAsync(TimeSpan.Zero, default)).ShouldBeNull();
        answer.SetResult("told");

        (await shared.WithinAsync(Long, default)).ShouldBe("told");
        asked.ShouldBe(1);
    }

    [Fact]
    public async Task Who_leaves_takes_nobodys_answer_away()
    {
        using var leaving = new CancellationTokenSource();
        var shared = Shared(Long);
        var (first, second) = (shared.WithinAsync(Long, leaving.Token), shared.WithinAsync(Long, default));

        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);
        answer.SetResult("told");

        (await second).ShouldBe("told");
        asked.ShouldBe(1);
    }

    [Fact]
    public async Task What_hangs_is_asked_no_second_time()
    {
        var shared = Shared(TimeSpan.Zero);

        (await shared.WithinAsync(TimeSpan.Zero, default)).ShouldBeNull();
        await begun.Task;
        (await shared.WithinAsync(TimeSpan.Zero, default)).ShouldBeNull();
        (await shared.WithinAsync(TimeSpan.FromMilliseconds(20), default)).ShouldBeNull();

        asked.ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_that_is_old_is_asked_for_anew_and_still_known_for_a_while()
    {
        var shared = Shared(TimeSpan.FromTicks(-1));
        shared.Known(Long).ShouldBeNull();
        answer.SetResult("told");

        await shared.WithinAsync(Long, default);
        await shared.WithinAsync(Long, default);

        asked.ShouldBe(2);
        shared.Known(Long).ShouldBe("told");
        shared.Known(TimeSpan.FromTicks(-1)).ShouldBeNull();
    }

    [Fact]
    public async Task An_answer_that_is_not_to_be_had_leaves_the_one_before_known_and_is_not_asked_for_again_at_once()
    {
        var answers = new Queue<string?>(["told", null]);
        var freshFor = TimeSpan.FromTicks(-1);
        var shared = new SharedAsk<string>(() => Task.FromResult(answers.Dequeue()), freshFor);
        (await shared.WithinAsync(Long, default)).ShouldBe("told");

        (await shared.WithinAsync(Long, default)).ShouldBeNull();
        shared.Known(Long).ShouldBe("told");

        var once = new SharedAsk<string>(() => Task.FromResult(Interlocked.Increment(ref asked) == 1 ? null : "told"), Long);
        (await once.WithinAsync(Long, default)).ShouldBeNull();
        (await once.WithinAsync(Long, default)).ShouldBeNull();
        asked.ShouldBe(1);
    }

    private SharedAsk<string> Shared(TimeSpan freshFor) => new(
        async () =>
        {
            Interlocked.Increment(ref asked);
            begun.TrySetResult();
            return await answer.Task;
        },
        freshFor);
}
