using System.Runtime.CompilerServices;

namespace UsageLedger.Collecting;

/// <summary>Goes through a vendor's list, page by page.</summary>
internal static class VendorPages
{
    /// <summary>As many pages as are allowed; the last one's cursor leads on.</summary>
    /// <param name="from">Where to begin; one that the vendor no longer knows begins anew, for keys absorb the repeats.</param>
    /// <param name="read">The page at a cursor; null: the vendor does not know the cursor.</param>
    public static async IAsyncEnumerable<CollectedPage> ReadAsync(
        string? from, int pagesMax, Func<string?, Task<CollectedPage?>> read, [EnumeratorCancellation] CancellationToken ct)
    {
        var cursor = from;
        for (var number = 0; number < pagesMax; number++)
        {
            ct.ThrowIfCancellationRequested();
            var page = await read(cursor) ?? (number == 0 && cursor is not null ? await read(null) : null)
                ?? throw new VendorException(VendorException.Failed, "The vendor does not go on with its list.");
            yield return page;
            if (page.Cursor is null)
            {
                yield break;
            }

            cursor = page.Cursor != cursor
                ? page.Cursor
                : throw new VendorException(VendorException.Unreadable, "The vendor's list leads back to the same page.");
        }
    }

    /// <summary>Single records, each asked for. One that the vendor does not know fails the whole at its end, for it may only be too early.</summary>
    /// <param name="read">Null: the vendor does not know it.</param>
    public static async IAsyncEnumerable<CollectedPage> EachAsync(
        IReadOnlyList<string> nativeIds, Func<string, Task<CollectedPage?>> read, [EnumeratorCancellation] CancellationToken ct)
    {
        var unknown = 0;
        foreach (var id in nativeIds)
        {
            ct.ThrowIfCancellationRequested();
            if (await read(id) is { } page)
            {
                yield return page;
            }
            else
            {
                unknown++;
            }
        }

        if (unknown > 0)
        {
            throw new VendorException(VendorException.Failed, $"The vendor does not know, or not yet, {unknown} of {nativeIds.Count} records that were asked for.");
        }
    }
}
