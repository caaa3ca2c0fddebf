using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using NodaTime;
using Npgsql;
using UsageLedger.Access;
using UsageLedger.Answering;
using UsageLedger.Collecting.Sources;
using UsageLedger.Inbox;

namespace UsageLedger.Collecting.Runs;

/// <summary>The doors to runs.</summary>
public static class CollectionEndpoints
{
    private static readonly Problem TooMany = new(
        StatusCodes.Status429TooManyRequests, "too_many_runs", $"{CollectUsage.WaitingMax} runs of the source wait already; ask again when some have ended.",
        RetryAfterSeconds: 60);

    private static readonly Problem Unknown = Problem.NotFound("There is no run of this id.");

    public static void MapCollections(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/collections", PostAsync).RequireScope(Scope.Collect)
            .WithSummary("Collects a source's usage, of at most 400 days: without from from before its cursor, without to up to now.")
            .WithExample(CollectionExamples.Asked, CollectionExamples.Accepted, StatusCodes.Status202Accepted)
            .Requires("sourceId");
        routes.MapGet("/v1/collections", ListAsync).RequireScope(Scope.Collect).WaitsFor(Collections.ProjectionName)
            .WithSummary("Runs, newest first.")
            .WithQuery("sourceId", "Only of this source.", "retell-main")
            .WithQuery("status", "Only these: queued, running, completed, failed or dead.", "failed")
            .WithPages()
            .WithExample(null, CollectionExamples.Runs);
        routes.MapGet("/v1/collections/{runId}", GetAsync).RequireScope(Scope.Collect).WaitsFor(Collections.ProjectionName)
            .WithSummary("One run, as far as it has come.")
            .WithExample(null, CollectionExamples.Run);
        routes.MapPost("/v1/collections/{runId}/retry", RetryAsync).RequireScope(Scope.Collect)
            .WithSummary("Goes on with a failed or dead run at once, behind the last page that it recorded.")
            .WithExample(null, CollectionExamples.Accepted, StatusCodes.Status202Accepted);
        routes.MapGet("/v1/collections/lag", LagAsync).RequireScope(Scope.Collect).WaitsFor(Collections.ProjectionName, PendingCosts.ProjectionName)
            .WithSummary("How late each source is: runs that are due, webhooks that wait, costs that are pending.")
            .WithExample(null, CollectionExamples.Lag);
    }

    private static async Task<Results<Accepted<RunAccepted>, Problem>> PostAsync(
        HttpContext context, ApiCaller caller, SourceStore sources, InboxStore inbox, IClock clock, CancellationToken ct)
    {
        var body = await CommandBody.ReadAsync(context.Request, ct);
        var source = body.Fields.RequiredId("sourceId");
        var (from, to) = (body.Fields.Instant("from"), body.Fields.Instant("to"));
        if (from >= to)
        {
            body.Fields.Refuse("from", "from_not_before_to", "must be before to");
        }
        else if (CollectUsage.Broken(from, to, clock.GetCurrentInstant()) is { } broken)
        {
            body.Fields.Refuse("from", "window_too_long", broken);
        }

        if ((body.Problem ?? body.Fields.Problem()) is { } problem)
        {
            return problem;
        }

        if (await CollectUsageHandler.RoomAsync(caller.Tenant, source, inbox, ct) <= 0)
        {
            return TooMany;
        }

        return await CollectUsageHandler.Handle(new CollectUsage(caller.Tenant, context.CorrelationId(), source, from, to), sources, inbox, ct) is { } run
            ? Taken(run)
            : Problem.NotFound($"There is no source {source}.");
    }

    private static async Task<Results<Ok<ListEnvelope<RunView>>, Problem>> ListAsync(
        HttpRequest request, ApiCaller caller, NpgsqlDataSource database, InboxSeal seal, CancellationToken ct)
    {
        var fields = new QueryFields(request.Query);
        var query = new ReadRuns(
            caller.Tenant, fields.Text("sourceId"), fields.OneOf("status", RunView.Statuses), InboxPlace.Of(fields.Cursor(2)), fields.Limit());
        if (fields.Problem() is { } problem)
        {
            return problem;
        }

        var page = await ReadRunsHandler.Handle(query, database, seal, ct);
        return TypedResults.Ok(new ListEnvelope<RunView>(page.Runs, page.Next?.Cursor));
    }

    private static async Task<Results<Ok<RunView>, Problem>> GetAsync(
        string runId, ApiCaller caller, NpgsqlDataSource database, InboxSeal seal, CancellationToken ct) =>
        Guid.TryParse(runId, out var run)
        && await ReadRunsHandler.FindAsync(caller.Tenant, run, database, seal, ct) is { } found
            ? TypedResults.Ok(found)
            : Unknown;

    private static async Task<Results<Accepted<RunAccepted>, Problem>> RetryAsync(
        string runId, ApiCaller caller, NpgsqlDataSource database, IClock clock, InboxSignal signal, InboxSeal seal, CancellationToken ct)
    {
        if (!Guid.TryParse(runId, out var run)
            || await ReadRunsHandler.FindAsync(caller.Tenant, run, database, seal, ct) is null)
        {
            return Unknown;
        }

        return await RetryItemHandler.Handle(new SettleItem(caller.Tenant, run), database, clock, signal, ct) == Settled.Done
            ? Taken(run)
            : Problem.Conflict("nothing_to_retry", "The run is being worked on, or has ended.");
    }

    private static async Task<Ok<ListEnvelope<SourceLag>>> LagAsync(ApiCaller caller, CollectingLag lag, CancellationToken ct) =>
        TypedResults.Ok(new ListEnvelope<SourceLag>(await lag.OfAsync(caller.Tenant, ct), null));

    private static Accepted<RunAccepted> Taken(Guid run) => TypedResults.Accepted($"/v1/collections/{run}", new RunAccepted(run));
}

/// <summary>A run that will be made.</summary>
public sealed record RunAccepted(Guid RunId);
