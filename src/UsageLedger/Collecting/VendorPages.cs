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
}
