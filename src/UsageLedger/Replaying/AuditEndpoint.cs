using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using NodaTime;
using Npgsql;
using UsageLedger.Access;
using UsageLedger.Answering;
using UsageLedger.Cycles;
using UsageLedger.EventLog.Checkpoints;
using UsageLedger.EventLog.Reading;
using UsageLedger.Reconciling;

namespace UsageLedger.Replaying;

/// <summary>The door to the audit of a cycle.</summary>
public static class AuditEndpoint
{
    private const string Example = """
        {"tenant":"acme","clientId":"contoso",
        "cycle":{"id":"2026-10-01","start":"2026-09-30T22:00:00Z","end":"2026-10-31T23:00:00Z","timeZone":"Europe/Berlin"},
        "asOf":1042,"rootHash":"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d","eventsRead":120,"eventsBooked":92,
        "closed":{"position":1040,"asOfPosition":1039,"rootHash":"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "linesHash":"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7","reason":null,"overridden":[]},
        "totals":[{"currency":"USD","cost":"5.34"}],"counts":{"records":90,"late":1,"revised":2,"voided":1,"pendingCost":0},
        "linesHash":"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7","comparedWith":["leaves","table","close","root","reconciliations"],
        "differencesTotal":0,"differences":[],"reconciliations":[],"holds":true}
        """;

    /// <summary>A replay of a client's whole usage takes a core and a connection.</summary>
    private const int AuditsMax = 2;
    private const int AuditsMaxOfOneTenant = 1;

    private static readonly TimeSpan ReplayingMax = TimeSpan.FromMinutes(10);

    public static void MapCycleAudit(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/clients/{clientId}/cycles/{cycleId}/audit", GetAsync).RequireScope(Scope.Audit).MayTake(ReplayingMax)
            .WaitsFor(CycleAggregates.ProjectionName, Reconciliations.ProjectionName).AtOnce(AuditsMax, AuditsMaxOfOneTenant)
            .WithSummary("Makes the cycle anew from the log alone and compares: with the leaves of the tree, what is shown, what the close froze.")
            .WithQuery("asOf", "As it was known then: a position of the log, or an instant.", "1042")
            .WithQuery("lines", "true lists the lines.", "true")
            .WithExample(null, Example);

    private static async Task<Results<Ok<CycleAudit>, Problem>> GetAsync(
        string clientId, string cycleId, HttpRequest request, ApiCaller caller, [AsParameters] AuditServices services, CancellationToken ct)
    {
        var fields = new QueryFields(request.Query);
        var position = await KnownAt.ReadAsync(fields, services.Reader, services.Database, ct);
        var lines = fields.OneOf("lines", "true", "false") == "true";
        var query = new AuditCycle(caller.Tenant, clientId, cycleId, position, services.Clock.GetCurrentInstant()) { WithLines = lines };
        if (fields.Problem() is { } problem)
        {
            return await ReadCycleHandler.Handle(new ReadCycle(caller.Tenant, clientId, cycleId, query.Now), services.Database, ct) is null
                ? CycleEndpoints.NotFound(clientId, cycleId)
                : problem;
        }

        return await AuditCycleHandler.Handle(query, services.Reader, new LogTiles(services.Database), services.Database, ct) is { } audit
            ? TypedResults.Ok(audit)
            : CycleEndpoints.NotFound(clientId, cycleId);
    }
}

/// <summary>What an audit works with.</summary>
internal sealed record AuditServices(LogReader Reader, NpgsqlDataSource Database, IClock Clock);
