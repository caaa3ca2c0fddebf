using UsageLedger.Access;
using UsageLedger.Answering;

namespace UsageLedger.Host.Health;

/// <summary>Whether the process lives, and whether it can do its work.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => TypedResults.Ok(new { status = "live" })).AllowWithoutKey().WithoutMinPosition()
            .WithSummary("Whether the process lives.")
            .WithExample(null, """{"status":"live"}""");
        routes.MapGet("/health/ready", ReadyAsync).AllowWithoutKey().WithoutMinPosition()
            .WithSummary("Whether usage can be recorded; a read model that lags or has stopped is a degradation with a reason.")
            .WithExample(null, """{"status":"ready","checks":[{"name":"log","status":"ready","reason":null}]}""")
            .WithExample(null, """{"status":"unready","checks":[{"name":"log","status":"unready","reason":"The database does not answer."}]}""", status: 503);
    }

    private static async Task<IResult> ReadyAsync(Readiness readiness, CancellationToken ct)
    {
        var report = await readiness.CheckAsync(ct);
        return TypedResults.Json(report, LedgerJson.Options, statusCode: report.Status == Readiness.Unready ? 503 : 200);
    }
}
