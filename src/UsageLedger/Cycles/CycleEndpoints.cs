using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using NodaTime;
using Npgsql;
using UsageLedger.Access;
using UsageLedger.Answering;
using UsageLedger.Clients;
using UsageLedger.Reporting;

namespace UsageLedger.Cycles;

/// <summary>The doors to cycles.</summary>
public static class CycleEndpoints
{
    private const int CursorValues = 6;

    public static void MapCycles(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/clients/{clientId}/cycles", ListAsync).RequireScope(Scope.Query).WaitsFor(CycleAggregates.ProjectionName)
            .WithSummary("A client's cycles, newest first.")
            .WithPages()
            .WithExample(null, CycleExamples.Cycles);
        routes.MapGet("/v1/clients/{clientId}/cycles/{cycleId}", GetAsync).RequireScope(Scope.Query).WaitsFor(CycleAggregates.ProjectionName)
            .WithSummary("A cycle: its lines, adjustments, totals and quality. It is named by its first day, its month if it is one, or current.")
            .WithQuery("cursor", "The nextCursor of the page before, which is there when a cycle has more lines.", "WyJjb250b3NvIl0")
            .WithQuery("limit", "How many lines and adjustments a page may hold, 1 to 10000; 10000 unless given.", "10000")
            .WithExample(null, CycleExamples.Open);
        routes.MapGet("/v1/clients/{clientId}/cycles/{cycleId}/close", CloseEndpoint.GetAsync).RequireScope(Scope.Query)
            .WaitsFor(CloseFiguresRead.Projections)
            .WithSummary("Whether a cycle can be closed, and which preconditions are in the way.")
            .WithExample(null, CycleExamples.Readiness);
        routes.MapPost("/v1/clients/{clientId}/cycles/{cycleId}/close", CloseEndpoint.PostAsync).RequireScope(Scope.Admin)
            .WithSummary("Closes a cycle; what comes later for it is an adjustment of a later one. The body may be left out.")
            .WithExample(CycleExamples.Close, CycleExamples.Closed);
    }

    internal static Problem NotFound(string clientId, string cycleId) =>
        Problem.NotFound($"The client {clientId} has no cycle {cycleId} up to now; name it by its first day, its month if it is one, or current.");

    private static async Task<Results<Ok<CycleListAnswer>, Problem>> ListAsync(
        string clientId, HttpRequest request, ApiCaller caller, NpgsqlDataSource database, IClock clock, CancellationToken ct)
    {
        var fields = new QueryFields(request.Query);
        Instant? before = null;
        if (fields.Cursor(1) is [var start] && (before = InstantTicks.Read(start)) is null)
        {
            fields.RefuseCursor();
        }

        var query = new ListCycles(caller.Tenant, clientId, before, fields.Limit(), clock.GetCurrentInstant());
        if (await ListCyclesHandler.Handle(query, database, ct) is not { } page)
        {
            return ClientEndpoints.NotFound(clientId);
        }

        return fields.Problem() is { } problem
            ? problem
            : TypedResults.Ok(new CycleListAnswer(page.Cycles, page.Next is { } last ? Cursor.Of(InstantTicks.Write(last)) : null));
    }

    private static async Task<Results<Ok<CycleReport>, Problem>> GetAsync(
        string clientId, string cycleId, HttpRequest request, ApiCaller caller, NpgsqlDataSource database, IClock clock, CancellationToken ct)
    {
        var fields = new QueryFields(request.Query);
        CyclePlace? after = null;
        if (fields.Cursor(CursorValues) is { } values && (after = CycleReports.Place(values)) is null)
        {
            fields.RefuseCursor();
        }

        var limit = fields.Limit(ReadCycle.LinesMax, ReadCycle.LinesMax);
        var query = new ReadCycle(caller.Tenant, clientId, cycleId, clock.GetCurrentInstant()) { After = after, Limit = limit };
        if (await ReadCycleHandler.Handle(query, database, ct) is not { } report)
        {
            return NotFound(clientId, cycleId);
        }

        return fields.Problem() is { } problem ? problem : TypedResults.Ok(report);
    }
}

/// <summary>One page of a client's cycles, newest first.</summary>
public sealed record CycleListAnswer(IReadOnlyList<CycleView> Cycles, string? NextCursor);
