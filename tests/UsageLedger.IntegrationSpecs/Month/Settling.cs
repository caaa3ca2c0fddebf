using System.Diagnostics;
using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;

namespace UsageLedger.IntegrationSpecs.Month;

/// <summary>An operator who waits until nothing is left to do, and has what failed tried again at once instead of in minutes.</summary>
internal sealed class Settling(MonthLedger ledger)
{
    private const string Lists = "/v1/inbox?limit=1000&status=";
    private static readonly TimeSpan SettleMax = TimeSpan.FromSeconds(120);

    /// <summary>How many items were tried again by hand.</summary>
    public int Retried { get; private set; }

    public async Task SettleAsync() => await UntilAsync(async () =>
    {
        foreach (var failed in await ItemsAsync("failed"))
        {
            await ledger.PostAsync($"/v1/inbox/{failed["id"]}/retry", "{}");
            Retried++;
        }

        return (await ItemsAsync("queued,running,failed")).Count == 0;
    }, "work is left");

    /// <summary>Returns when a run of the schedule has begun after now, and ended.</summary>
    public async Task ScheduledAsync(string source)
    {
        var now = SystemClock.Instance.GetCurrentInstant();
        await UntilAsync(async () => (await ledger.GetAsync($"/v1/collections?sourceId={source}&status=completed")).Json["items"]!.AsArray()
            .Any(run => InstantPattern.ExtendedIso.Parse((string)run!["startedAt"]!).Value > now), $"no run of {source} has begun");
    }

    /// <summary>Every usage has a mapping, so none stays unattributed.</summary>
    public Task AttributedAsync() => UntilAsync(async () =>
    {
        var head = await ledger.SelectAsync<long>("select max(seq_id) from ledger.mt_events");
        return (await ledger.GetAsync($"/v1/unattributed?minPosition={head}")).Items.Count == 0;
    }, "some usage stays unattributed");

    /// <summary>What nobody could make sense of, or was tried too often.</summary>
    public async Task<IReadOnlyList<string>> StrandedAsync() => [.. (await ItemsAsync("dead,quarantined")).Select(item => item.ToJsonString())];

    private static async Task UntilAsync(Func<Task<bool>> holds, string otherwise)
    {
        for (var waited = Stopwatch.StartNew(); !await holds(); await Task.Delay(200))
            waited.Elapsed.ShouldBeLessThan(SettleMax, otherwise);
    }

    private async Task<IReadOnlyList<JsonObject>> ItemsAsync(string statuses) => (await ledger.GetAsync(Lists + statuses)).Items;
}
