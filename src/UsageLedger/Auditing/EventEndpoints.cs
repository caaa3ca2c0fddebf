using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using UsageLedger.Access;
using UsageLedger.Answering;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Reading;
using UsageLedger.Recording;

namespace UsageLedger.Auditing;

/// <summary>The doors to the events themselves; everybody sees those of their own tenant only.</summary>
internal static class EventEndpoints
{
    private static readonly Problem NoEvent = Problem.NotFound("There is no event here, or it is not yours.");

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/ledger/events", FindAsync).RequireScope(Scope.Audit)
            .WithSummary("Events by filter, in order. A page may hold fewer than asked for, even none, while nextCursor says that more follow.")
            .WithQuery("clientId", "Of this client: its usage, its registration, its cycles.", "contoso")
            .WithQuery("sourceId", "About records of this source.", "retell")
            .WithQuery("type", "Of this type; may be repeated.", EventTypes.UsageRecorded)
            .WithQuery("from", "Recorded at or after.", "2026-10-01T00:00:00Z")
            .WithQuery("to", "Recorded before.", "2026-11-01T00:00:00Z")
            .WithQuery("correlationId", "Of this request or job.", "order:7")
            .WithQuery("cursor", "nextCursor of the page before, with the same filters.", "9Tq3wFsiMSJd")
            .WithQuery("limit", "Events in a page, 1 to 1000; 100 unless given.", "100")
            .WithExample(null, AuditingExamples.Events);
        routes.MapGet("/v1/ledger/events/{idOrPosition}", ReadAsync).RequireScope(Scope.Audit)
            .WithSummary("An event, by its id or its position, with its revisions.")
            .WithExample(null, AuditingExamples.History);
    }

    private static async Task<IResult> FindAsync(HttpContext context, ApiCaller caller, EventSearch search, CancellationToken ct)
    {
        var fields = new QueryFields(context.Request.Query);
        var filter = EventFilter.Read(caller.Tenant, fields);
        var limit = fields.Limit();
        var after = 0L;
        if (fields.Cursor(values: 1) is [var place] && !long.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out after))
        {
            fields.RefuseCursor();
        }

        if (fields.Problem() is { } problem)
        {
            return problem;
        }

        var page = await search.FindAsync(filter, after, limit, ct);
        var next = page.Next is { } position ? Cursor.Of(position.ToString(CultureInfo.InvariantCulture)) : null;
        return TypedResults.Ok(new AuditedEvents([.. page.Events.Select(AuditedEvent.Of)], next));
    }

    private static async Task<IResult> ReadAsync(string idOrPosition, ApiCaller caller, LogReader log, CancellationToken ct)
    {
        StoredEvent? stored;
        if (EventPosition.TryRead(idOrPosition, out var position))
        {
            stored = await log.AtAsync(caller.Tenant, position, ct);
        }
        else if (Guid.TryParseExact(idOrPosition, "D", out var id))
        {
            stored = await log.FindAsync(caller.Tenant, id, ct);
        }
        else
        {
            return Problem.BadRequest(new FieldProblem("?idOrPosition", "invalid_id", "An event is named by its id, a UUID, or by its position, in decimal digits."));
        }

        return stored is null
            ? NoEvent
            : TypedResults.Ok(new EventHistory(AuditedEvent.Of(stored), log.AboutAsync(caller.Tenant, stored.Id, ct).Select(AuditedEvent.Of)));
    }
}
