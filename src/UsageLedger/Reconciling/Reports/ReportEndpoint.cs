using System.Globalization;
using Microsoft.AspNetCore.Http;
using UsageLedger.Access;
using UsageLedger.Answering;
using UsageLedger.Reconciling.Matching;

namespace UsageLedger.Reconciling.Reports;

/// <summary>The doors to one report, and to what is behind its lines.</summary>
internal static class ReportEndpoint
{
    private static readonly Problem NoReport = Problem.NotFound("There is no reconciliation of this id.");
    private static readonly Problem NoLine = Problem.NotFound("The reconciliation has no such line; lines are numbered from 1.");
    private static readonly Problem NotAcceptable = new(
        StatusCodes.Status406NotAcceptable, "not_acceptable", $"A report is given as {ReportMedia.Json}, {ReportMedia.Csv} or {ReportMedia.Html}.");

    public static async Task<IResult> GetAsync(string reconciliationId, HttpRequest request, ApiCaller caller, ReportStore reports, CancellationToken ct)
    {
        if (ReconciliationEndpoints.Id(reconciliationId) is not { } id || await reports.FindAsync(caller.Tenant, id, ct) is not { } report)
        {
            return NoReport;
        }

        var fields = new QueryFields(request.Query);
        var isAsked = IsAsked(fields);
        if (fields.Problem() is { } problem)
        {
            return problem;
        }

        var lines = reports.LinesAsync(caller.Tenant, report.Made, ct).Where(isAsked);
        return ReportMedia.Of(request) switch
        {
            ReportMedia.Json => TypedResults.Ok(ReportView.Of(report, lines)),
            ReportMedia.Csv => new ReportResult(ReportMedia.Csv, csv => ReportCsv.WriteAsync(csv, report.Made, lines, ct)),
            ReportMedia.Html => new ReportResult(ReportMedia.Html, page => ReportPage.WriteAsync(page, report, lines, ct)),
            _ => NotAcceptable,
        };
    }

    public static async Task<IResult> LinesAsync(string reconciliationId, HttpRequest request, ApiCaller caller, ReportStore reports, CancellationToken ct)
    {
        if (ReconciliationEndpoints.Id(reconciliationId) is not { } id || await reports.FindAsync(caller.Tenant, id, ct) is not { } report)
        {
            return NoReport;
        }

        var fields = new QueryFields(request.Query);
        var (isAsked, limit, after) = (IsAsked(fields), fields.Limit(), ReportLinePage.After(fields, report.Made));
        return fields.Problem() is { } problem
            ? problem
            : TypedResults.Ok(await ReportLinePage.ReadAsync(reports, caller.Tenant, report.Made, isAsked, after, limit, ct));
    }

    public static async Task<IResult> EventsAsync(
        string reconciliationId, string line, HttpRequest request, ApiCaller caller, ReportStore reports, LineEvents events, CancellationToken ct)
    {
        if (ReconciliationEndpoints.Id(reconciliationId) is not { } id || await reports.FindAsync(caller.Tenant, id, ct) is not { } report)
        {
            return NoReport;
        }

        if (!int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || await reports.LineAsync(caller.Tenant, report.Made, number, ct) is not { } found)
        {
            return NoLine;
        }

        if (!MatchingRule.IsKnown(report.Made.MatchedBy))
        {
            return ReconcilingProblems.UnknownRule;
        }

        var fields = new QueryFields(request.Query);
        var limit = fields.Limit();
        var after = 0L;
        if (fields.Cursor(1) is [var place] && !long.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out after))
        {
            fields.RefuseCursor();
        }

        if (fields.Problem() is { } problem)
        {
            return problem;
        }

        var page = await events.PageAsync(caller.Tenant, report.Made, found, Math.Min(after, report.Made.Position), limit, ct);
        return TypedResults.Ok(new ListEnvelope<LineEvent>(page.Events, page.Next is { } next ? Cursor.Of(Numbers.Text(next)) : null));
    }

    /// <summary>Whether a line is of the statuses asked for; of all, where none is named.</summary>
    private static Func<ReportLine, bool> IsAsked(QueryFields fields)
    {
        var statuses = fields.Texts("status", StatusWords.All.Count);
        if (statuses.Any(status => !StatusWords.All.Contains(status)))
        {
            fields.Refuse("status", "unknown_word", $"must be of {string.Join(", ", StatusWords.All)}");
        }

        return line => statuses.Count == 0 || statuses.Contains(StatusWords.Of(line.Status));
    }
}
