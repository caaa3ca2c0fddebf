using System.Runtime.CompilerServices;

namespace UsageLedger.Collecting;

/// <summary>Goes through a vendor's list, page by page.</summary>
internal static class VendorPages
{
    private const int FailuresInARowMax = 5;

    /// <summary>As many pages as are allowed; the last one's cursor leads on.</summary>
    /// <param name="from">Where to begin; one that the vendor no longer knows begins anew, for keys absorb the repeats.</param>
    /// <param name="read">The page at a cursor; null: the vendor does not know the cursor.</param>
    public static async IAsyncEnumerable<CollectedPage> ReadAsync(
        string? from, int pagesMax, Func<string?, Task<CollectedPage?>> read, [EnumeratorCancellation] CancellationToken ct)
    {
        var (cursor, seen) = (from, new HashSet<string>(StringComparer.Ordinal));
        for (var (number, anew) = (0, false); number < pagesMax; number++, anew = false)
        {
            ct.ThrowIfCancellationRequested();
            var page = await read(cursor);
            if (page is null && number == 0 && cursor is not null)
            {
                (cursor, anew, page) = (null, true, await read(null));
            }

            var next = (page ?? throw new VendorException(VendorException.Failed, "The vendor does not go on with its list.")).Cursor;
            if (next is not null && (next == cursor || !seen.Add(next)))
            {
                throw new VendorException(VendorException.Unreadable, "The vendor's list leads back to a page that it gave before.");
            }

            if (number == 0 && cursor is not null)
            {
                seen.Add(cursor);
            }

            yield return page with { Anew = anew };
            if (next is null)
            {
                yield break;
            }

            cursor = next;
        }
    }

    /// <summary>
    /// Single records, each asked for. One that cannot be had stops none of the others; it fails the whole at its end, for it may only be
    /// too early. A vendor that fails for several one after another fails as a whole.
    /// </summary>
    /// <param name="read">Null: the vendor does not know it.</param>
    public static async IAsyncEnumerable<CollectedPage> EachAsync(
        IReadOnlyList<string> nativeIds, Func<string, Task<CollectedPage?>> read, [EnumeratorCancellation] CancellationToken ct)
    {
        var (unknown, failures, inARow) = (0, new List<VendorException>(), 0);
        foreach (var id in nativeIds)
        {
            ct.ThrowIfCancellationRequested();
            CollectedPage? page = null;
            try
            {
                page = await read(id);
                unknown += page is null ? 1 : 0;
                inARow = 0;
            }
            catch (VendorException failure) when (IsOfOne(failure) && inARow < FailuresInARowMax - 1)
            {
                inARow++;
                failures.Add(failure);
            }

            if (page is not null)
            {
                yield return page;
            }
        }

        if (failures.Count + unknown > 0)
        {
            throw NotHad(nativeIds.Count, unknown, failures);
        }
    }

    /// <summary>What may be wrong with one record, where refused credentials, limits and a vendor out of reach are wrong for all.</summary>
    private static bool IsOfOne(VendorException failure) =>
        failure is { Code: VendorException.Failed or VendorException.Unreadable, RetryAfter: null };

    private static VendorException NotHad(int asked, int unknown, List<VendorException> failures)
    {
        var notKnown = unknown == 0 ? "" : $"The vendor does not know, or not yet, {unknown} of {asked} records that were asked for.";
        return failures is [var first, ..]
            ? new VendorException(first.Code, $"{failures.Count} of {asked} records that were asked for cannot be had: {first.Message} {notKnown}".TrimEnd(), first)
            : new VendorException(VendorException.Failed, notKnown);
    }
}
