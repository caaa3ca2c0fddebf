using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using UsageLedger.Access;
using UsageLedger.Answering;
using UsageLedger.Collecting;
using UsageLedger.Collecting.Runs;
using UsageLedger.EventLog.Appending;
using UsageLedger.Reconciling.Invoices;

namespace UsageLedger.Reconciling.Assembling;

/// <summary>The door to invoices that are put together from a vendor's own API.</summary>
public static class AssemblingEndpoint
{
    private const string Asked = """{"sourceId":"twilio-main","from":"2026-10-01","to":"2026-11-01"}""";
    private static readonly TimeSpan AskingMax = TimeSpan.FromMinutes(10);

    public static void MapAssembling(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/provider-invoices/assemble", PostAsync).RequireScope(Scope.Admin).MayTake(AskingMax)
            .WithSummary("Puts together, as an invoice, what a source's vendor says itself that it charges for whole UTC days, and keeps it.")
            .WithExample(Asked, InvoiceExamples.Accepted, StatusCodes.Status201Created)
            .Requires("sourceId", "from", "to");

    private static async Task<IResult> PostAsync(
        HttpContext context, ApiCaller caller, VendorAccounts accounts, InvoiceStore invoices, LogAppender log, NpgsqlDataSource database, CancellationToken ct)
    {
        var body = await CommandBody.ReadAsync(context.Request, ct);
        var source = body.Fields.RequiredId("sourceId");
        var (from, to) = (body.Fields.RequiredDay("from"), body.Fields.RequiredDay("to"));
        if (from >= to || from?.PlusDays(AssembleInvoice.DaysMax) < to)
        {
            body.Fields.Refuse("to", "out_of_range", $"must be after from, by at most {AssembleInvoice.DaysMax} days; it is the first day that is left out");
        }

        if ((body.Problem ?? body.Fields.Problem()) is { } problem)
        {
            return problem;
        }

        try
        {
            var command = new AssembleInvoice(caller.Tenant, context.CorrelationId(), source, from!.Value, to!.Value);
            return await AssembleInvoiceHandler.Handle(command, accounts, invoices, log, database, ct) is { } outcome
                ? outcome.Verdict == InvoiceVerdict.Accepted
                    ? TypedResults.Created($"/v1/provider-invoices/{outcome.Told!.InvoiceId:D}", InvoiceAnswer.Of(outcome))
                    : TypedResults.Ok(InvoiceAnswer.Of(outcome))
                : Problem.NotFound($"There is no source {source}.");
        }
        catch (VendorException failure)
        {
            return new Problem(failure.IsOfVendor ? StatusCodes.Status502BadGateway : StatusCodes.Status409Conflict, failure.Code, failure.Message);
        }
        catch (OverflowException)
        {
            return ReconcilingProblems.SumOutOfRange;
        }
    }
}
