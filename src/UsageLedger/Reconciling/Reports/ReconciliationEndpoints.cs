using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using UsageLedger.Access;
using UsageLedger.Answering;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Reading;
using UsageLedger.Reconciling.Invoices;
using UsageLedger.Recording;

namespace UsageLedger.Reconciling.Reports;

/// <summary>The doors to reconciliations.</summary>
public static class ReconciliationEndpoints
{
    private static readonly TimeSpan MatchingMax = TimeSpan.FromMinutes(10);
    private static readonly Problem Busy = new(
        StatusCodes.Status503ServiceUnavailable, "reconciling_busy", "Other reconciliations are being made; send it again.", RetryAfterSeconds: 10);

    private static readonly Problem NoReport = Problem.NotFound("There is no reconciliation of this id.");

    public static void MapReconciliations(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/reconciliations", PostAsync).RequireScope(Scope.Admin).MayTake(MatchingMax)
            .WithSummary("Holds an invoice against the ledger, line by line; the report is kept as it is made, and answered with its first thousand lines.")
            .WithExample(ReportExamples.Asked, ReportExamples.Report, StatusCodes.Status201Created)
            .Requires("invoiceId");
        routes.MapGet("/v1/reconciliations", ListAsync).RequireScope(Scope.Query).WaitsFor(Reconciliations.ProjectionName)
            .WithSummary("Reconciliations, newest first, without their lines.")
            .WithQuery("invoiceId", "Only of this invoice.", ReportExamples.InvoiceId)
            .WithPages()
            .WithExample(null, ReportExamples.Reports);
        routes.MapGet("/v1/reconciliations/{reconciliationId}", ReportEndpoint.GetAsync).RequireScope(Scope.Query).MayTake(MatchingMax)
            .WithSummary("A reconciliation as it was made: as JSON, CSV or a page to be printed, as Accept asks.")
            .WithQuery("status", "Only lines of these statuses; all totals stay those of the whole.", "price_differs,period_differs")
            .WithExample(null, ReportExamples.Report)
            .WithExample(null, ReportExamples.Csv, responseType: ReportMedia.Csv)
            .WithExample(null, ReportExamples.Page, responseType: ReportMedia.Html);
        routes.MapGet("/v1/reconciliations/{reconciliationId}/lines", ReportEndpoint.LinesAsync).RequireScope(Scope.Query)
            .WithSummary("A reconciliation's lines in order, a page at a time. A page may hold fewer than asked for, even none, while nextCursor says that more follow.")
            .WithQuery("status", "Only lines of these statuses.", "price_differs,period_differs")
            .WithPages()
            .WithExample(null, ReportExamples.Lines);
        routes.MapGet("/v1/reconciliations/{reconciliationId}/lines/{line}/events", ReportEndpoint.EventsAsync).RequireScope(Scope.Query).MayTake(MatchingMax)
            .WithSummary("The events behind a line's figures of the ledger, in order. A page may hold fewer than asked for, even none, while nextCursor says that more follow.")
            .WithPages()
            .WithExample(null, ReportExamples.Events);
        routes.MapPost("/v1/reconciliations/{reconciliationId}/sign-off", SignOffAsync).RequireScope(Scope.Admin)
            .WithSummary("Answers for a reconciliation as it was made, for ever. The body may be left out.")
            .WithExample(ReportExamples.Note, ReportExamples.SignedOff);
    }

    private static async Task<IResult> PostAsync(HttpContext context, ApiCaller caller, [AsParameters] ReconcilingServices services, CancellationToken ct)
    {
        var body = await CommandBody.ReadAsync(context.Request, ct);
        var invoice = Id(body.Fields.RequiredText("invoiceId"));
        var tolerance = ToleranceOf(body.Fields);
        var position = body.Fields.Whole("position", 1, int.MaxValue);
        if (body.Problem is { } unread)
        {
            return unread;
        }

        if (body.Fields.Problem() is { } problem)
        {
            return problem;
        }

        using var turn = await services.Turns.TakeAsync(ct);
        if (turn is null)
        {
            return Busy;
        }

        try
        {
            var command = new MakeReconciliation(caller.Tenant, context.CorrelationId(), invoice ?? Guid.Empty, tolerance, position);
            var outcome = await MakeReconciliationHandler.Handle(
                command, services.Invoices, services.Reports, services.Reader, services.Log, services.Database, ct);
            return outcome.Made is { } made ? await AnswerAsync(caller, services.Reports, made, outcome.IsNew, ct)
                : position > outcome.Head ? Problem.Refused(new FieldProblem("/position", "position_not_reached", $"position must not be beyond {outcome.Head}, where the log ends."))
                : Problem.NotFound("There is no invoice of this id.");
        }
        catch (OverflowException)
        {
            return ReconcilingProblems.SumOutOfRange;
        }
    }

    private static async Task<IResult> AnswerAsync(ApiCaller caller, ReportStore reports, ReconciliationMade made, bool isNew, CancellationToken ct)
    {
        var report = (await reports.FindAsync(caller.Tenant, made.ReconciliationId, ct))!;
        var view = ReportView.Of(report, reports.LinesAsync(caller.Tenant, made, ct).Take(ReconciliationLines.LinesMax), Math.Max(0, made.LineCount - ReconciliationLines.LinesMax));
        return isNew ? TypedResults.Created($"/v1/reconciliations/{made.ReconciliationId:D}", view) : TypedResults.Ok(view);
    }

    private static async Task<IResult> ListAsync(HttpRequest request, ApiCaller caller, NpgsqlDataSource database, CancellationToken ct)
    {
        var fields = new QueryFields(request.Query);
        var invoice = fields.Text("invoiceId");
        var query = new ListReconciliations(caller.Tenant, invoice is null ? null : Id(invoice) ?? Guid.Empty, ReconcilingCursor.Read(fields), fields.Limit());
        if (fields.Problem() is { } problem)
        {
            return problem;
        }

        var found = await ListReconciliationsHandler.Handle(query, database, ct);
        return TypedResults.Ok(ReconcilingCursor.Page(found, query.Limit, last => (last.MadeAt, last.Id)));
    }

    private static async Task<IResult> SignOffAsync(
        string reconciliationId, HttpContext context, ApiCaller caller, [AsParameters] ReconcilingServices services, CancellationToken ct)
    {
        if (Id(reconciliationId) is not { } id || await services.Reports.FindAsync(caller.Tenant, id, ct) is null)
        {
            return NoReport;
        }

        var (fields, unread) = await CommandBody.ReadAsync(context.Request, ct, optional: true);
        var note = fields.Text("note", TextRules.ReasonMax);
        if ((unread ?? fields.Problem()) is { } problem)
        {
            return problem;
        }

        var command = new SignOffReconciliation(caller.Tenant, context.CorrelationId(), id, note, caller.KeyId);
        return await SignOffReconciliationHandler.Handle(command, services.Reports, services.Invoices, services.Log, services.Database, ct) switch
        {
            SignOffVerdict.SignedOff => TypedResults.Ok(SignedOffAnswer.Of((await services.Reports.FindAsync(caller.Tenant, id, ct))!)),
            SignOffVerdict.SignedOffBefore => Problem.Conflict("already_signed_off", "The reconciliation is signed off and never changes; make a new one of the invoice."),
            SignOffVerdict.InvoiceRevised => Problem.Conflict("invoice_revised", "The invoice has another content since; make a new reconciliation of it."),
            SignOffVerdict.ChangedMeanwhile => Problem.Conflict("changed_meanwhile", "Others tell something of the invoice at the same time; send it again."),
            _ => NoReport,
        };
    }

    internal static Guid? Id(string text) => Guid.TryParse(text, CultureInfo.InvariantCulture, out var id) ? id : null;

    private static Tolerance ToleranceOf(CommandFields fields)
    {
        if (fields.Child("tolerance") is not { } child)
        {
            return Tolerance.None;
        }

        var tolerance = new Tolerance(child.Number("absolute") ?? 0, child.Number("percent") ?? 0);
        foreach (var (name, bound) in new[] { ("absolute", tolerance.Absolute), ("percent", tolerance.Percent) })
        {
            if (bound < 0 || (name == "percent" && bound > 100))
            {
                child.Refuse(name, "out_of_range", name == "percent" ? "must be from 0 to 100" : "must not be negative");
            }
        }

        return tolerance;
    }
}

/// <summary>What these doors work with.</summary>
internal sealed record ReconcilingServices(InvoiceStore Invoices, ReportStore Reports, LogReader Reader, LogAppender Log, NpgsqlDataSource Database, Turns Turns);

/// <summary>A sign-off as it stands in the log.</summary>
public sealed record SignedOffAnswer(Guid Id, Guid InvoiceId, SignOffView SignOff, long Position, long TreeSize, string RootHash, string ReportHash)
{
    public static SignedOffAnswer Of(StoredReport report) => new(
        report.Made.ReconciliationId, report.Made.InvoiceId, SignOffView.Of(report)!, report.Made.Position, report.Made.TreeSize, report.Made.RootHash,
        report.Made.ReportHash);
}
