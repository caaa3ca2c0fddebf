using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using UsageLedger.Access;
using UsageLedger.Answering;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Projecting;
using UsageLedger.EventLog.Reading;
using UsageLedger.Reporting;

namespace UsageLedger.Anomalies;

/// <summary>The doors to anomalies.</summary>
public static class AnomalyEndpoints
{
    private static readonly string[] Projections = [AnomalyRows.ProjectionName];

    private static readonly Problem Unknown = Problem.NotFound("There is no anomaly of this id.");

    private static readonly Problem Behind = new(
        StatusCodes.Status503ServiceUnavailable, "position_not_reached", "The read model does not show it yet; send it again.", RetryAfterSeconds: 1);

    public static void MapAnomalies(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/anomalies", ListAsync).RequireScope(Scope.Query).WaitsFor(AnomalyRows.ProjectionName)
            .WithSummary("What was unusual in the usage of clients and the runs of sources, that of the latest hour first.")
            .WithQuery("clientId", "Only of this client.", "contoso")
            .WithQuery("status", "Only open, acknowledged or resolved ones.", AnomalyStatuses.Open)
            .WithPages()
            .WithExample(null, $$"""{"items":[{{AnomalyExamples.Open}}],"nextCursor":null}""");
        routes.MapGet("/v1/anomalies/{id}", GetAsync).RequireScope(Scope.Query).WaitsFor(AnomalyRows.ProjectionName)
            .WithSummary("One anomaly, with the links to what it is about.")
            .WithExample(null, AnomalyExamples.Open);
        routes.MapPost("/v1/anomalies/{id}/acknowledge", AcknowledgeAsync).RequireScope(Scope.Admin)
            .WithSummary("Says that somebody has seen an anomaly. The first word stands.")
            .Requires("note")
            .WithExample(AnomalyExamples.Acknowledge, AnomalyExamples.Acknowledged);
    }

    private static async Task<Results<Ok<ListEnvelope<AnomalyView>>, Problem>> ListAsync(
        HttpRequest request, ApiCaller caller, NpgsqlDataSource database, CancellationToken ct)
    {
        var fields = new QueryFields(request.Query);
        AnomalyPlace? after = null;
        if (fields.Cursor(2) is { } values && (after = Place(values)) is null)
        {
            fields.RefuseCursor();
        }

        var query = new ReadAnomalies(caller.Tenant, fields.Text("clientId"), fields.OneOf("status", AnomalyStatuses.All), after, fields.Limit());
        if (fields.Problem() is { } problem)
        {
            return problem;
        }

        var page = await ReadAnomaliesHandler.Handle(query, database, ct);
        return TypedResults.Ok(new ListEnvelope<AnomalyView>(
            page.Anomalies, page.Next is { } last ? Cursor.Of(InstantTicks.Write(last.Hour), last.Id.ToString()) : null));
    }

    private static async Task<Results<Ok<AnomalyView>, Problem>> GetAsync(string id, ApiCaller caller, NpgsqlDataSource database, CancellationToken ct) =>
        Guid.TryParse(id, out var anomaly) && await ReadAnomaliesHandler.FindAsync(caller.Tenant, anomaly, database, ct) is { } found
            ? TypedResults.Ok(found)
            : Unknown;

    private static async Task<Results<Ok<AnomalyView>, Problem>> AcknowledgeAsync(
        string id, HttpContext context, ApiCaller caller, LogReader reader, LogAppender log, ReadModels models, NpgsqlDataSource database, CancellationToken ct)
    {
        if (!Guid.TryParse(id, out var anomaly) || await reader.FindAsync(caller.Tenant, anomaly, ct) is not { Type: EventTypes.AnomalyOpened })
        {
            return Unknown;
        }

        var (fields, unreadable) = await CommandBody.ReadAsync(context.Request, ct);
        var note = fields.RequiredText("note", AcknowledgeAnomaly.NoteMax);
        if ((unreadable ?? fields.Problem()) is { } problem)
        {
            return problem;
        }

        var command = new AcknowledgeAnomaly(caller.Tenant, context.CorrelationId(), anomaly, caller.KeyId.ToString(), note);
        return await AcknowledgeAnomalyHandler.Handle(command, reader, log, ct) is not { } position ? Unknown
            : await models.WaitForAsync(position, Projections, ct) ? await GetAsync(id, caller, database, ct)
            : Behind;
    }

    private static AnomalyPlace? Place(IReadOnlyList<string> values) =>
        InstantTicks.Read(values[0]) is { } hour && Guid.TryParse(values[1], out var id) ? new AnomalyPlace(hour, id) : null;
}
