using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using UsageLedger.Access;
using UsageLedger.Answering;
using UsageLedger.EventLog.Appending;

namespace UsageLedger.Reconciling.Invoices;

/// <summary>The doors to vendors' invoices.</summary>
public static class InvoiceEndpoints
{
    private static readonly TimeSpan ReceivingMax = TimeSpan.FromMinutes(5);
    private static readonly Problem Unknown = Problem.NotFound("There is no invoice of this id.");

    private static readonly Problem Conflict = Problem.Conflict(
        "invoice_number_reused", "This number of this provider and source is known with another content; send revision as true if that takes its place.");

    private static readonly Problem Busy = Problem.Conflict("changed_meanwhile", "The invoice is being revised by others; send it again.");

    public static void MapInvoices(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/provider-invoices", PostAsync).RequireScope(Scope.Admin).MayTake(ReceivingMax)
            .WithSummary("Keeps a vendor's invoice, as JSON, or as CSV whose rows are its lines. The same number with the same content is the same invoice.")
            .WithExample(InvoiceExamples.Invoice, InvoiceExamples.Accepted, StatusCodes.Status201Created)
            .WithExample(InvoiceExamples.Csv, InvoiceExamples.Duplicate, requestType: InvoiceBody.Csv)
            .Requires("provider", "number", "periodStart", "periodEnd", "lines");
        routes.MapGet("/v1/provider-invoices", ListAsync).RequireScope(Scope.Query).WaitsFor(Reconciliations.ProjectionName)
            .WithSummary("Vendors' invoices, the last told first, without their lines.")
            .WithQuery("provider", "Only of this provider.", "twilio")
            .WithQuery("number", "Only of this number.", "INV-2026-10")
            .WithPages()
            .WithExample(null, InvoiceExamples.Invoices);
        routes.MapGet("/v1/provider-invoices/{invoiceId}", GetAsync).RequireScope(Scope.Query)
            .WithSummary("A vendor's invoice as last told, with its lines.")
            .WithQuery("cursor", "The nextCursor of the page before.", "WyJjb250b3NvIl0")
            .WithQuery("limit", "How many lines a page may hold, 1 to 1000; 1000 unless given.", "1000")
            .WithExample(null, InvoiceExamples.Whole);
    }

    private static async Task<IResult> PostAsync(HttpContext context, ApiCaller caller, InvoiceStore invoices, LogAppender log, CancellationToken ct)
    {
        try
        {
            var (invoice, revision, problem) = await InvoiceBody.ReadAsync(context.Request, ct);
            if (problem is not null)
            {
                return problem;
            }

            var outcome = await ReceiveInvoiceHandler.Handle(
                new ReceiveInvoice(caller.Tenant, context.CorrelationId(), invoice!, "posted", revision), invoices, log, ct);
            return outcome.Verdict switch
            {
                InvoiceVerdict.Conflict => Conflict,
                InvoiceVerdict.ChangedMeanwhile => Busy,
                InvoiceVerdict.Accepted => TypedResults.Created($"/v1/provider-invoices/{outcome.Told!.InvoiceId:D}", InvoiceAnswer.Of(outcome)),
                _ => TypedResults.Ok(InvoiceAnswer.Of(outcome)),
            };
        }
        catch (OverflowException)
        {
            return ReconcilingProblems.SumOutOfRange;
        }
    }

    private static async Task<IResult> ListAsync(HttpRequest request, ApiCaller caller, NpgsqlDataSource database, CancellationToken ct)
    {
        var fields = new QueryFields(request.Query);
        var query = new ListInvoices(caller.Tenant, fields.Text("provider"), fields.Text("number"), ReconcilingCursor.Read(fields), fields.Limit());
        if (fields.Problem() is { } problem)
        {
            return problem;
        }

        var found = await ListInvoicesHandler.Handle(query, database, ct);
        return TypedResults.Ok(ReconcilingCursor.Page(found, query.Limit, last => (last.ReceivedAt, last.InvoiceId)));
    }

    private static async Task<IResult> GetAsync(string invoiceId, HttpRequest request, ApiCaller caller, InvoiceStore invoices, CancellationToken ct)
    {
        if (!Guid.TryParse(invoiceId, CultureInfo.InvariantCulture, out var id) || await invoices.LatestAsync(caller.Tenant, id, ct) is not { } found)
        {
            return Unknown;
        }

        var fields = new QueryFields(request.Query);
        var limit = fields.Limit(ProviderInvoiceLines.LinesMax, ProviderInvoiceLines.LinesMax);
        var after = 0;
        if (fields.Cursor(1) is [var place] && !int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out after))
        {
            fields.RefuseCursor();
        }

        if (fields.Problem() is { } problem)
        {
            return problem;
        }

        var told = found.Told;
        var lines = await LinesAsync(caller.Tenant, told, invoices, after, limit, ct);
        var next = after < told.LineCount && after + lines.Count < told.LineCount ? Cursor.Of(Numbers.Text(after + lines.Count)) : null;
        return TypedResults.Ok(new InvoiceView(
            told.InvoiceId, told.Provider, told.SourceId, told.Number, told.Revision, told.PeriodStart, told.PeriodEnd, told.TimeZone, told.Currency,
            told.LineCount, told.Amount, told.Total, told.Origin, found.Event.RecordedAt, lines, next));
    }

    /// <summary>Lines after so many, of one part or the next.</summary>
    private static async Task<IReadOnlyList<InvoiceLine>> LinesAsync(
        string tenant, ProviderInvoiceReceived told, InvoiceStore invoices, int after, int limit, CancellationToken ct)
    {
        if (after >= told.LineCount)
        {
            return [];
        }

        var part = await invoices.PartAsync(tenant, told, (after / ProviderInvoiceLines.LinesMax) + 1, ct);
        return [.. part.Skip(after % ProviderInvoiceLines.LinesMax).Take(limit)];
    }
}
