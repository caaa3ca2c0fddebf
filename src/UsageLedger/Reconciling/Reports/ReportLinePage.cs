using System.Globalization;
using UsageLedger.Answering;

namespace UsageLedger.Reconciling.Reports;

/// <summary>A report's lines a page at a time, whatever their statuses.</summary>
internal static class ReportLinePage
{
    /// <summary>Lines that a page looks through for those asked for.</summary>
    private const int LinesMax = 10_000;

    /// <summary>The line that the page before ended with; 0: there was none.</summary>
    public static int After(QueryFields fields, ReconciliationMade made)
    {
        if (fields.Cursor(1) is not [var place])
        {
            return 0;
        }

        if (int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var line) && line <= made.LineCount)
        {
            return line;
        }

        fields.RefuseCursor();
        return 0;
    }

    /// <summary>A page may hold fewer than asked for, even none, while its cursor says that more follow.</summary>
    public static async Task<ListEnvelope<ReportLineView>> ReadAsync(
        ReportStore reports, string tenant, ReconciliationMade made, Func<ReportLine, bool> isAsked, int after, int limit, CancellationToken ct)
    {
        var page = new List<ReportLineView>(limit);
        var through = after;
        await foreach (var line in reports.LinesAsync(tenant, made, after, ct))
        {
            through = line.Line;
            if (isAsked(line))
            {
                page.Add(ReportLineView.Of(made.ReconciliationId, line));
            }

            if (page.Count == limit || through - after == LinesMax)
            {
                break;
            }
        }

        return new ListEnvelope<ReportLineView>(page, through < made.LineCount ? Cursor.Of(Numbers.Text(through)) : null);
    }
}
