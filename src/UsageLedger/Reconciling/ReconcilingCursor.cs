using NodaTime;
using UsageLedger.Answering;
using UsageLedger.Reporting;

namespace UsageLedger.Reconciling;

/// <summary>The place in a list that goes from the newest to the oldest.</summary>
internal static class ReconcilingCursor
{
    public static (Instant At, Guid Id)? Read(QueryFields fields)
    {
        if (fields.Cursor(2) is not [var at, var id])
        {
            return null;
        }

        if (InstantTicks.Read(at) is { } instant && Guid.TryParseExact(id, "D", out var guid))
        {
            return (instant, guid);
        }

        fields.RefuseCursor();
        return null;
    }

    /// <param name="found">One more than the limit if more follow.</param>
    public static ListEnvelope<T> Page<T>(List<T> found, int limit, Func<T, (Instant At, Guid Id)> place)
    {
        if (found.Count <= limit)
        {
            return new ListEnvelope<T>(found, null);
        }

        var (at, id) = place(found[limit - 1]);
        return new ListEnvelope<T>(found[..limit], Cursor.Of(InstantTicks.Write(at), id.ToString("D")));
    }
}
