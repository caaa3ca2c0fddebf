using UsageLedger.Access;
using UsageLedger.Answering;

namespace UsageLedger.Host.Health;

/// <summary>Whether the process lives, and whether it can do its work.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => TypedResults.Ok(new { status = "live" })).AllowWithoutKey().WithoutMinPosition();
        routes.MapGet("/health/ready", ReadyAsync).AllowWithoutKey().WithoutMinPosition();
    }

    private static async Task<IResult> ReadyAsync(Readiness readiness, CancellationToken ct)
    {
        var report = await readiness.CheckAsync(ct);
        return TypedResults.Json(report, LedgerJson.Options, statusCode: report.Status == Readiness.Unready ? 503 : 200);
    }
}
