using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using NodaTime;
using Npgsql;
using UsageLedger.Access;
using UsageLedger.Answering;
using UsageLedger.Recording;

namespace UsageLedger.Reporting;

/// <summary>The door to usage by windows.</summary>
public static class UsageEndpoints
{
    private const string CutQuarterHour = "cut_quarter_hour";
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromMinutes(2);

    public static void MapUsageReport(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/usage", GetAsync).RequireScope(Scope.Query).WaitsFor(UsageBuckets.ProjectionName)
            .MayTake(AnswerWithin)
            .WithSummary("Usage by windows of wall-clock time, grouped as asked; always by when it occurred.")
            .WithQuery("from", "Usage that occurred at or after this instant.", "2026-10-01T00:00:00Z", required: true)
            .WithQuery("to", "Usage that occurred before this instant.", "2026-11-01T00:00:00Z", required: true)
            .WithQuery("clientId", "Absent: of the whole tenant.", "contoso")
            .WithQuery("window", "hour, day or month; absent: one window for all.", "day")
            .WithQuery("timeZone", "Whose wall clock the windows go by; UTC unless given.", "Europe/Berlin")
            .WithQuery("groupBy", "Any of provider, metric, agentId, resourceId, with commas between.", "provider,metric")
            .WithQuery("provider", "Only this provider's.", "retell")
            .WithQuery("metric", "Only this metric's.", "call.llm")
            .WithQuery("agentId", "Only this agent's.", "front-desk")
            .WithPages()
            .WithExample(null, UsageExamples.Rows);

    private static async Task<Results<Ok<UsageListAnswer>, Problem>> GetAsync(
        HttpRequest request, ApiCaller caller, NpgsqlDataSource database, CancellationToken ct)
    {
        var fields = new QueryFields(request.Query);
        var query = UsageQueryReader.Read(fields, caller.Tenant);
        if (fields.Problem() is { } problem)
        {
            return problem;
        }

        var (page, refusal) = await ReadUsageHandler.Handle(query!, database, ct);
        return page is null
            ? ProblemOf(refusal, query!)
            : TypedResults.Ok(new UsageListAnswer(page.Rows, page.Next is { } last ? UsageQueryReader.CursorOf(last) : null, page.Position));
    }

    internal static Problem ProblemOf(UsageRefusal refusal, ReadUsage query) => refusal == UsageRefusal.TooManyWindows
        ? Problem.BadRequest(new FieldProblem(
            "?window", "too_many_windows", $"from and to span more than {UsageSpan.WindowsMax} windows; ask for larger windows or a shorter time."))
        : new Problem(
            StatusCodes.Status503ServiceUnavailable, CutQuarterHour,
            "Too much was recorded since to count a part of a quarter hour in time; whole ones, from minute 0, 15, 30 or 45 on, are told at once.",
            [.. CutOf("from", query.From), .. CutOf("to", query.To)], RetryAfterSeconds: 60);

    private static IEnumerable<FieldProblem> CutOf(string name, Instant instant) => UsageSpan.IsOnQuarter(instant)
        ? []
        : [new FieldProblem("?" + name, CutQuarterHour, $"{name} lies within a quarter hour.")];
}

/// <summary>One page of usage.</summary>
/// <param name="Position">Of the last event that the rows hold.</param>
public sealed record UsageListAnswer(IReadOnlyList<UsageRow> Rows, string? NextCursor, long Position);
