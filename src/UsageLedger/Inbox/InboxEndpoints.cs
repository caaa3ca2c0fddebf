using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using NodaTime;
using Npgsql;
using UsageLedger.Access;
using UsageLedger.Answering;
using UsageLedger.EventLog.Appending;

namespace UsageLedger.Inbox;

/// <summary>The doors to the inbox: what waits, what failed, and what to do about it.</summary>
public static class InboxEndpoints
{
    private const string Item = """
        {"id":"7c2f2e0a-6d55-4d0f-8f0e-3f1d2c9f5b11","kind":"webhook","sourceId":"retell-main","status":"quarantined","attempts":1,
         "nextAttemptAt":null,"reason":"The event is of no kind that is known.","receivedAt":"2026-10-20T12:00:00Z","correlationId":"0b7c","bodyBytes":812}
        """;

    private const string Items = $$"""{"items":[{{Item}}],"nextCursor":null}""";

    private static readonly Problem Unknown = Problem.NotFound("There is no item of this id in the inbox.");

    public static void MapInbox(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/inbox", ListAsync).RequireScope(Scope.Collect)
            .WithSummary("Work that waits, failed, died or is quarantined, newest first.")
            .WithQuery("status", "Only these: queued, running, failed, dead, quarantined or done; repeat it or put commas between.", "dead")
            .WithQuery("sourceId", "Only of this source.", "retell-main")
            .WithPages()
            .WithExample(null, Items);
        routes.MapGet("/v1/inbox/{id}", GetAsync).RequireScope(Scope.Collect)
            .WithSummary("One item, without its body, which may hold personal data.")
            .WithExample(null, Item);
        routes.MapPost("/v1/inbox/{id}/retry", RetryAsync).RequireScope(Scope.Collect)
            .WithSummary("Tries an item again at once, as often as at the start; a quarantined one is replayed.")
            .WithExample(null, Item);
        routes.MapPost("/v1/inbox/retry", RetryAllAsync).RequireScope(Scope.Collect)
            .WithSummary($"Tries all items that are failed, dead or quarantined again, perhaps of one source: up to {RetryItems.CountMax} in a call, the oldest first.")
            .Requires("status")
            .WithExample("""{"status":"dead","sourceId":"retell-main"}""", """{"retried":12,"more":false}""");
        routes.MapPost("/v1/inbox/drop", DropAllAsync).RequireScope(Scope.Collect)
            .WithSummary($"Drops all items that are dead or quarantined, perhaps of one source: up to {DropItems.CountMax} in a call, the oldest first; the source's stream tells of each.")
            .Requires("status")
            .WithExample("""{"status":"quarantined","sourceId":"retell-main"}""", """{"dropped":12,"more":false}""");
        routes.MapDelete("/v1/inbox/{id}", DropAsync).RequireScope(Scope.Collect)
            .WithSummary("Drops an item for good; the source's stream tells which, and which key dropped it.")
            .WithExample(null, null, StatusCodes.Status204NoContent);
    }

    private static async Task<Results<Ok<ListEnvelope<InboxItemView>>, Problem>> ListAsync(
        HttpRequest request, ApiCaller caller, NpgsqlDataSource database, CancellationToken ct)
    {
        var fields = new QueryFields(request.Query);
        var statuses = fields.Texts("status", InboxStatuses.All.Length);
        if (statuses.Any(status => !InboxStatuses.All.Contains(status)))
        {
            fields.Refuse("status", "unknown_word", $"must be one of {string.Join(", ", InboxStatuses.All)}");
        }

        var query = new ReadInbox(caller.Tenant, statuses, fields.Text("sourceId"), InboxPlace.Of(fields.Cursor(2)), fields.Limit());
        if (fields.Problem() is { } problem)
        {
            return problem;
        }

        var page = await ReadInboxHandler.Handle(query, database, ct);
        return TypedResults.Ok(new ListEnvelope<InboxItemView>(page.Items, page.Next?.Cursor));
    }

    private static async Task<Results<Ok<InboxItemView>, Problem>> GetAsync(
        string id, ApiCaller caller, NpgsqlDataSource database, CancellationToken ct) =>
        Guid.TryParse(id, out var item) && await ReadInboxHandler.FindAsync(caller.Tenant, item, database, ct) is { } found
            ? TypedResults.Ok(found)
            : Unknown;

    private static async Task<Results<Ok<InboxItemView>, Problem>> RetryAsync(
        string id, ApiCaller caller, NpgsqlDataSource database, IClock clock, InboxSignal signal, CancellationToken ct)
    {
        if (!Guid.TryParse(id, out var item))
        {
            return Unknown;
        }

        return await RetryItemHandler.Handle(new SettleItem(caller.Tenant, item), database, clock, signal, ct) switch
        {
            Settled.Unknown => Unknown,
            Settled.NotNow => Problem.Conflict("nothing_to_retry", "The item is being worked on, or is done."),
            _ => await GetAsync(id, caller, database, ct),
        };
    }

    private static async Task<Results<Ok<ItemsRetried>, Problem>> RetryAllAsync(
        HttpContext context, ApiCaller caller, NpgsqlDataSource database, IClock clock, InboxSignal signal, CancellationToken ct)
    {
        var body = await CommandBody.ReadAsync(context.Request, ct);
        body.Fields.RequiredText("status");
        var command = new RetryItems(caller.Tenant, body.Fields.OneOf("status", RetryItems.Statuses) ?? "", body.Fields.Id("sourceId"));
        return (body.Problem ?? body.Fields.Problem()) is { } problem
            ? problem
            : TypedResults.Ok(await RetryItemsHandler.Handle(command, database, clock, signal, ct));
    }

    private static async Task<Results<Ok<ItemsDropped>, Problem>> DropAllAsync(
        HttpContext context, ApiCaller caller, NpgsqlDataSource database, LogAppender log, CancellationToken ct)
    {
        var body = await CommandBody.ReadAsync(context.Request, ct);
        body.Fields.RequiredText("status");
        var command = new DropItems(
            caller.Tenant, body.Fields.OneOf("status", DropItems.Statuses) ?? "", body.Fields.Id("sourceId"), caller.KeyId.ToString(), context.CorrelationId());
        return (body.Problem ?? body.Fields.Problem()) is { } problem
            ? problem
            : TypedResults.Ok(await DropItemsHandler.Handle(command, database, log, ct));
    }

    private static async Task<Results<NoContent, Problem>> DropAsync(
        string id, HttpContext context, ApiCaller caller, NpgsqlDataSource database, LogAppender log, CancellationToken ct)
    {
        if (!Guid.TryParse(id, out var item))
        {
            return Unknown;
        }

        return await DropItemHandler.Handle(new DropItem(caller.Tenant, item, caller.KeyId.ToString(), context.CorrelationId()), database, log, ct) switch
        {
            Settled.Unknown => Unknown,
            Settled.NotNow => Problem.Conflict("item_running", "The item is being worked on; drop it when that has ended."),
            _ => TypedResults.NoContent(),
        };
    }
}
