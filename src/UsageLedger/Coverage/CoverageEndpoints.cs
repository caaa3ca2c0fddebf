using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using NodaTime;
using Npgsql;
using UsageLedger.Access;
using UsageLedger.Answering;
using UsageLedger.Collecting.Runs;
using UsageLedger.Collecting.Sources;
using UsageLedger.Inbox;

namespace UsageLedger.Coverage;

/// <summary>The doors to coverage.</summary>
public static class CoverageEndpoints
{
    private const int SourcesDefault = 10;
    private const int SourcesMax = 50;
    private const string DayExample = "2026-10-01";

    private static readonly Problem TooMany = new(
        StatusCodes.Status429TooManyRequests, "too_many_runs", $"{AskTotals.WaitingMax} askings of the source wait already; ask again when some have ended.",
        RetryAfterSeconds: 60);

    public static void MapCoverage(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/coverage", GetAsync).RequireScope(Scope.Query).WaitsFor(CapturedUsage.ProjectionName)
            .WithSummary("How much of what sources should have told was collected, by hour and against the vendors' own totals, and the holes.")
            .WithQuery("sourceId", "Only of this source.", "retell-main")
            .WithQuery("from", "From this instant on; a week back unless given.", "2026-10-01T00:00:00Z")
            .WithQuery("to", "Up to this instant; now unless given.", "2026-10-08T00:00:00Z")
            .WithPages()
            .WithExample(null, CoverageExamples.Coverage);
        routes.MapGet("/v1/coverage/days", DaysAsync).RequireScope(Scope.Query)
            .WithSummary("When each UTC day was complete: all of its usage collected and in the read models. The goal is 01:00 of the next day.")
            .WithQuery("from", "The first day; thirty back unless given.", DayExample)
            .WithQuery("to", "The last day; yesterday unless given.", "2026-10-31")
            .WithExample(null, CoverageExamples.Days);
        routes.MapPost("/v1/coverage/fill", FillAsync).RequireScope(Scope.Collect)
            .WithSummary("Collects the holes of a source, exactly those: a run for each, adjacent ones together.")
            .Requires("sourceId")
            .WithExample(CoverageExamples.Fill, CoverageExamples.Filling, StatusCodes.Status202Accepted);
        routes.MapPost("/v1/coverage/totals", TotalsAsync).RequireScope(Scope.Collect)
            .WithSummary("Asks a source's vendor for its own totals of whole UTC days, both within.")
            .Requires("sourceId", "from", "to")
            .WithExample(CoverageExamples.Ask, CoverageExamples.Asked, StatusCodes.Status202Accepted);
    }

    private static async Task<Results<Ok<ListEnvelope<SourceCoverage>>, Problem>> GetAsync(
        HttpRequest request, ApiCaller caller, NpgsqlDataSource database, ProviderCatalogue providers, IClock clock, CancellationToken ct)
    {
        var fields = new QueryFields(request.Query);
        var now = clock.GetCurrentInstant();
        var (from, to) = CoverageSpan.Of(fields.Instant("from"), fields.Instant("to"), now);
        if (CoverageSpan.Refusal(from, to) is { } refused)
        {
            fields.Refuse("from", refused.Code, refused.Rule);
        }

        var query = new ReadCoverage(caller.Tenant, fields.Text("sourceId"), from, to, now, fields.Cursor(1)?[0], fields.Limit(SourcesDefault, SourcesMax));
        if (fields.Problem() is { } problem)
        {
            return problem;
        }

        var page = await ReadCoverageHandler.Handle(query, database, providers, ct);
        return TypedResults.Ok(new ListEnvelope<SourceCoverage>(page.Sources, page.Next is { } last ? Cursor.Of(last) : null));
    }

    private static async Task<Results<Ok<ListEnvelope<DayRollup>>, Problem>> DaysAsync(
        HttpRequest request, ApiCaller caller, DayRollups rollups, IClock clock, CancellationToken ct)
    {
        var fields = new QueryFields(request.Query);
        var now = clock.GetCurrentInstant();
        LocalDate? Day(string name)
        {
            if (fields.Text(name) is not { } text)
            {
                return null;
            }

            if (DateBounds.Day(text) is { } day && DateBounds.Hold(day))
            {
                return day;
            }

            fields.Refuse(name, "not_a_day", $"must be a day such as {DayExample}, of the years 2000 to 2100");
            return null;
        }

        var (from, to) = DayRollups.Span(Day("from"), Day("to"), now);
        if (from > to || Period.DaysBetween(from, to) >= DayRollups.DaysMax)
        {
            fields.Refuse("from", "out_of_range", $"must be no later than to, and at most {DayRollups.DaysMax} days before it");
        }

        return fields.Problem() is { } problem
            ? problem
            : TypedResults.Ok(new ListEnvelope<DayRollup>(await rollups.ReadAsync(caller.Tenant, from, to, now, ct), null));
    }

    private static async Task<Results<Accepted<Filling>, Problem>> FillAsync(
        HttpContext context, ApiCaller caller, SourceStore sources, ProviderCatalogue providers, InboxStore inbox, NpgsqlDataSource database, IClock clock,
        CancellationToken ct)
    {
        var body = await CommandBody.ReadAsync(context.Request, ct);
        var source = body.Fields.RequiredId("sourceId");
        var now = clock.GetCurrentInstant();
        var (from, to) = CoverageSpan.Of(body.Fields.Instant("from"), body.Fields.Instant("to"), now);
        if (CoverageSpan.Refusal(from, to) is { } refused)
        {
            body.Fields.Refuse("from", refused.Code, refused.Rule);
        }

        if ((body.Problem ?? body.Fields.Problem()) is { } problem)
        {
            return problem;
        }

        var command = new FillCoverage(caller.Tenant, context.CorrelationId(), source, from, to, now);
        return await FillCoverageHandler.Handle(command, database, sources, providers, inbox, ct) is { } filling
            ? TypedResults.Accepted($"/v1/collections?sourceId={source}", filling)
            : Problem.NotFound($"There is no source {source}.");
    }

    private static async Task<Results<Accepted<TotalsAsked>, Problem>> TotalsAsync(
        HttpContext context, ApiCaller caller, SourceStore sources, ProviderCatalogue providers, InboxStore inbox, IClock clock, CancellationToken ct)
    {
        var body = await CommandBody.ReadAsync(context.Request, ct);
        var source = body.Fields.RequiredId("sourceId");
        LocalDate Day(string name)
        {
            if (DateBounds.Day(body.Fields.RequiredText(name)) is { } day && DateBounds.Hold(day))
            {
                return day;
            }

            body.Fields.Refuse(name, "not_a_day", $"must be a day such as {DayExample}, of the years 2000 to 2100");
            return default;
        }

        var command = new AskTotals(caller.Tenant, context.CorrelationId(), source, Day("from"), Day("to"));
        if (body.Fields.Problem() is null && command.Broken(clock.GetCurrentInstant()) is { } broken)
        {
            body.Fields.Refuse("to", "out_of_range", broken);
        }

        if ((body.Problem ?? body.Fields.Problem()) is { } problem)
        {
            return problem;
        }

        if (await AskTotalsHandler.RoomAsync(caller.Tenant, source, inbox, ct) <= 0)
        {
            return TooMany;
        }

        var (outcome, id) = await AskTotalsHandler.Handle(command, sources, providers, inbox, ct);
        return outcome switch
        {
            Asking.Asked => TypedResults.Accepted($"/v1/coverage?sourceId={source}", new TotalsAsked(id)),
            Asking.NoTotals => Problem.Conflict("no_totals", "The source's vendor adds nothing up itself."),
            _ => Problem.NotFound($"There is no source {source}."),
        };
    }
}
