using System.Runtime.CompilerServices;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.Collecting.Runs;

/// <summary>A page of a vendor's, and where the log was before the vendor was asked for it: what was recorded up to there is older than the page.</summary>
public sealed record AskedPage(CollectedPage Page, long After)
{
    /// <summary>A collector asks for a page when it is wanted, and not before.</summary>
    internal static async IAsyncEnumerable<AskedPage> OfAsync(IAsyncEnumerable<CollectedPage> pages, LogReader log, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var asked = pages.GetAsyncEnumerator(ct);
        for (var after = await log.HeadAsync(ct); await asked.MoveNextAsync(); after = await log.HeadAsync(ct))
        {
            yield return new AskedPage(asked.Current, after);
        }
    }
}
