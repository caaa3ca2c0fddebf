using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace UsageLedger.Host.Demo;

/// <summary>Waits until the ledger has worked off what it was told.</summary>
internal static class InboxEmpty
{
    private const string Stuck = "/v1/inbox?status=dead,quarantined&limit=1";
    private const string UnderWay = "/v1/inbox?status=queued,running&limit=1";
    private const string Failed = "/v1/inbox?status=failed&limit=1000";

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(2);

    /// <summary>What failed was asked too early, and is tried again now that it is later at the vendor; the ledger itself would wait a minute.</summary>
    /// <exception cref="DemoFailedException">Some of it cannot be worked off.</exception>
    public static async Task WaitAsync(DemoRun run, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        foreach (var item in await ItemsAsync(run, Failed, ct))
        {
            (await run.Office.PostAsync($"/v1/inbox/{item.GetProperty("id").GetString()}/retry", "{}"u8.ToArray(), ct))
                .Expect(HttpStatusCode.OK, HttpStatusCode.Conflict);
        }

        while ((await ItemsAsync(run, UnderWay, ct)).Count > 0)
        {
            if (Stopwatch.GetElapsedTime(started) > Within)
            {
                throw new DemoFailedException($"The inbox was not worked off within {Within.TotalSeconds} seconds.");
            }

            await Task.Delay(LookEvery, ct);
        }

        if (await ItemsAsync(run, Stuck, ct) is [var stuck, ..])
        {
            throw new DemoFailedException($"The inbox holds what cannot be worked off: {stuck}");
        }
    }

    /// <summary>How much is neither done nor given up.</summary>
    public static async Task<int> CountAsync(DemoRun run, CancellationToken ct) => (await ItemsAsync(run, "/v1/inbox?limit=1000", ct)).Count;

    private static async Task<IReadOnlyList<JsonElement>> ItemsAsync(DemoRun run, string path, CancellationToken ct) =>
        [.. (await run.Office.GetAsync(path, ct)).Expect(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray()];
}
