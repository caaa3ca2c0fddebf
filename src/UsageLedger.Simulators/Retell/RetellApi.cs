using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace UsageLedger.Simulators.Retell;

/// <summary>Retell's API, below <c>/retell</c>: list calls (v3), get a call (v2).</summary>
internal static class RetellApi
{
    private const int BodyBytesMax = 1 << 20;

    public static void Map(IEndpointRouteBuilder routes, Simulation simulation)
    {
        var retell = routes.MapGroup("/retell");
        retell.AddEndpointFilter(async (context, next) =>
            Bearer.Is(context.HttpContext.Request, simulation.World.Directory.RetellApiKey)
                ? await next(context)
                : Error(StatusCodes.Status401Unauthorized, "API key is missing or invalid."));
        retell.MapPost("/v3/list-calls", async (HttpRequest request) => await ListAsync(simulation, request));
        retell.MapGet("/v2/get-call/{callId}", (string callId) => Get(simulation, callId));
    }

    private static IResult Error(int status, string message) => Results.Json(new { status = "error", message }, RetellWire.Options, statusCode: status);

    private static IResult Get(Simulation simulation, string callId)
    {
        var now = simulation.Clock.Now;
        return simulation.World.RetellCalls.FirstOrDefault(call => call.CallId == callId && call.EndedAt <= now) is { } call
            ? Results.Json(RetellWire.Whole(call, now, simulation.Faults.ChangedPrices))
            : Error(StatusCodes.Status422UnprocessableEntity, "Cannot find requested asset under given api key.");
    }

    private static async Task<IResult> ListAsync(Simulation simulation, HttpRequest request)
    {
        try
        {
            var body = await RequestBytes.ReadAsync(request, BodyBytesMax);
            return List(simulation, RetellListing.Read(body));
        }
        catch (Exception wrong) when (wrong is FormatException or JsonException or InvalidOperationException)
        {
            return Error(StatusCodes.Status400BadRequest, $"Invalid request format, please check API reference: {wrong.Message}.");
        }
    }

    private static IResult List(Simulation simulation, RetellListing listing)
    {
        var now = simulation.Clock.Now;
        var changed = simulation.Faults.ChangedPrices;
        var ended = simulation.World.RetellCalls.Where(call => call.EndedAt <= now);
        var ordered = listing.IsAscending ? ended : ended.Reverse();
        (RetellCall Call, JsonElement Json) Write(RetellCall call) => (call, RetellWire.Listed(call, now, changed));
        var following = listing.After is not { } after ? ordered
            : ordered.Where(call => after.IsBefore(call, listing.IsAscending) || (call.CallId == after.CallId && IsShifted(simulation, listing)));
        var found = following.Select(Write).Where(line => listing.Filter(line.Json)).Skip(listing.Skip).Take(listing.Limit + 1).ToList();
        var page = found.Take(listing.Limit).ToList();
        var hasMore = found.Count > page.Count;
        return Results.Json(
            new
            {
                items = page.Select(line => line.Json),
                has_more = hasMore,
                pagination_key = hasMore ? RetellPlace.Of(page[^1].Call).Key : null,
                total = listing.WantsTotal ? ordered.Select(Write).Count(line => listing.Filter(line.Json)) : (int?)null,
            },
            RetellWire.Options);
    }

    /// <summary>Whether the last call of the page before is told again; never all of a page, or a reader would not get on.</summary>
    private static bool IsShifted(Simulation simulation, RetellListing listing) =>
        listing.Limit > 1 && simulation.Plan.Happens($"shift:{listing.After?.Key}", simulation.Faults.ShiftingPages);
}
