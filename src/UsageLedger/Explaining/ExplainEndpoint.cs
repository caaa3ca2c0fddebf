using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using NodaTime;
using Npgsql;
using UsageLedger.Access;
using UsageLedger.Answering;
using UsageLedger.Collecting.Runs;
using UsageLedger.Cycles;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.Explaining;

/// <summary>The door from a line of a cycle to its events.</summary>
public static class ExplainEndpoint
{
    private const int CursorValues = 2;

    private const string Example = """
        {"clientId":"contoso",
        "cycle":{"id":"2026-10-01","start":"2026-09-30T22:00:00Z","end":"2026-10-31T23:00:00Z","timeZone":"Europe/Berlin","status":"open"},
        "lines":[{"originCycle":null,"provider":"retell","metric":"call.llm","agentId":"front-desk","unit":"second","quantity":"61.5","cost":"0.0738","currency":"USD","records":1}],
        "rows":[{"eventId":"0192b1a0-6e2c-8f4d-9a51-3b6f2c7d8e90","position":17,"originCycle":null,"source":"retell-main","idempotencyKey":"call:7:llm",
        "provider":"retell","metric":"call.llm","agentId":"front-desk","resourceId":null,"unit":"second","currency":"USD",
        "occurredAt":"2026-10-05T11:58:00Z","recordedAt":"2026-10-05T12:00:00.25Z","quantity":"61.5","unitCost":"0.0012","cost":"0.0738","records":1,"costPending":false,
        "correlationId":"7b1d","runId":"3f0c1b5e-9a56-4c2b-8f0e-1d2c3b4a5f60","mappingId":"front-desk",
        "history":[{"position":17,"type":"usage_recorded","recordedAt":"2026-10-05T12:00:00.25Z","correlationId":"7b1d","stream":"client-contoso",
        "quantity":"61.5","cost":"0.0738","reason":null,"mappingId":null}],
        "eventUrl":"/v1/ledger/events/0192b1a0-6e2c-8f4d-9a51-3b6f2c7d8e90","proofUrl":"/v1/ledger/events/17/proof"}],
        "nextCursor":null,"position":1042}
        """;

    public static void MapExplain(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/clients/{clientId}/cycles/{cycleId}/explain", GetAsync).RequireScope(Scope.Query)
            .WaitsFor(CycleAggregates.ProjectionName, Collections.ProjectionName)
            .WithSummary("The usage behind a line of a cycle, or behind all of them: each with its history, its run, its mapping and its price. The rows add up to the lines.")
            .WithQuery("provider", "Of the lines meant.", "retell")
            .WithQuery("metric", "Of the lines meant.", "call.llm")
            .WithQuery("agentId", "Of the lines meant.", "front-desk")
            .WithQuery("noAgent", "true means lines of no agent.", "true")
            .WithQuery("unit", "Of the lines meant.", "second")
            .WithQuery("currency", "Of the lines meant.", "USD")
            .WithQuery("originCycle", "Of adjustments, the cycle that they belong to.", "2026-09-01")
            .WithPages()
            .WithExample(null, Example);

    private static async Task<Results<Ok<CycleExplanation>, Problem>> GetAsync(
        string clientId, string cycleId, HttpRequest request, ApiCaller caller, LogReader reader, NpgsqlDataSource database, IClock clock, CancellationToken ct)
    {
        var fields = new QueryFields(request.Query);
        var line = new LineFilter(
            fields.Text("provider"), fields.Text("metric"), fields.Text("agentId"), fields.OneOf("noAgent", "true", "false") == "true",
            fields.Text("unit"), fields.Text("currency"), fields.Text("originCycle"));
        ExplainPlace? after = null;
        if (fields.Cursor(CursorValues) is { } values && (after = Place(values)) is null)
        {
            fields.RefuseCursor();
        }

        var query = new ExplainCycle(caller.Tenant, clientId, cycleId, line, after, fields.Limit(), clock.GetCurrentInstant());
        if (fields.Problem() is { } problem)
        {
            return await ReadCycleHandler.Handle(new ReadCycle(caller.Tenant, clientId, cycleId, query.Now) { Limit = 0 }, database, ct) is null
                ? CycleEndpoints.NotFound(clientId, cycleId)
                : problem;
        }

        return await ExplainCycleHandler.Handle(query, reader, database, ct) is { } explanation
            ? TypedResults.Ok(explanation)
            : CycleEndpoints.NotFound(clientId, cycleId);
    }

    private static ExplainPlace? Place(IReadOnlyList<string> values) =>
        long.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out var position)
        && long.TryParse(values[1], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? new ExplainPlace(position, version)
            : null;
}
