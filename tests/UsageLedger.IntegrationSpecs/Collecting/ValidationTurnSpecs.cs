using UsageLedger.IntegrationSpecs.EventLog;

namespace UsageLedger.IntegrationSpecs.Collecting;

/// <summary>A tenant's vendor that never answers holds up nobody else's validations.</summary>
public sealed class ValidationTurnSpecs
{
    private const int AtOnce = 8;
    private const string Path = "/v1/sources/fax-main/validate";

    [Fact]
    public async Task Half_of_the_turns_are_one_tenants_and_another_still_validates()
    {
        await using var ledger = await CollectingLedger.OpenAsync();
        await ledger.ConfigureAsync("globex", CollectingLedger.SourceId);
        await ledger.StartAsync();
        var (caller, other) = (await ledger.CallerAsync(), await ledger.CallerAsync("globex"));
        var (asked, answers) = (0, new TaskCompletionSource());
        ledger.Bureau.BeforeValidation = () => Interlocked.Increment(ref asked) <= AtOnce ? answers.Task : Task.CompletedTask;

        var own = Enumerable.Range(0, AtOnce).Select(_ => caller.PostAsync(Path, "{}")).ToList();
        await SpecLog.UntilAsync(() => Task.FromResult(own.Count(one => one.IsCompleted) + Volatile.Read(ref asked) == AtOnce), "all have a turn or none");
        Interlocked.Exchange(ref asked, AtOnce);

        (await other.PostAsync(Path, "{}")).Status.ShouldBe(200);
        own.Where(one => one.IsCompleted).Select(one => (one.Result.Status, one.Result.Code)).ShouldBe(Enumerable.Repeat((503, (string?)"route_busy"), AtOnce / 2));
        answers.SetResult();
        (await Task.WhenAll(own)).Count(one => one.Status == 200).ShouldBe(AtOnce / 2);
        (await caller.PostAsync(Path, "{}")).Status.ShouldBe(200, "turns are given back");
    }
}
