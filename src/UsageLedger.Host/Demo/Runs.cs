using System.Net;
using System.Text.Json;
using NodaTime;
using UsageLedger.Answering;
using UsageLedger.Collecting.Runs;

namespace UsageLedger.Host.Demo;

/// <summary>Has sources collected, and tells what came of it.</summary>
internal static class Runs
{
    private const int PageMax = 1_000;
    private const int PagesMax = 100;

    /// <summary>All sources at once, until their runs have ended.</summary>
    public static async Task CollectAsync(DemoRun run, Instant from, Instant to, CancellationToken ct)
    {
        foreach (var source in run.Vendors.Sources)
        {
            var asked = JsonSerializer.SerializeToUtf8Bytes(new { sourceId = source.Id, from, to }, LedgerJson.Options);
            (await run.Office.PostAsync("/v1/collections", asked, ct)).Expect(HttpStatusCode.Accepted);
        }

        await InboxEmpty.WaitAsync(run, ct);
    }

    /// <summary>Every run that there was of the demo's sources.</summary>
    public static async Task<IReadOnlyList<RunView>> AllAsync(DemoRun run, CancellationToken ct)
    {
        var all = new List<RunView>();
        var cursor = "";
        for (var page = 0; page < PagesMax; page++)
        {
            var list = (await run.Office.GetAsync($"/v1/collections?limit={PageMax}&minPosition={run.Recorded}{cursor}", ct)).Read<ListEnvelope<RunView>>();
            all.AddRange(list.Items);
            if (list.NextCursor is null)
            {
                break;
            }

            cursor = $"&cursor={list.NextCursor}";
        }

        return all;
    }
}
