using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using UsageLedger.Access;

namespace UsageLedger.Answering;

/// <summary>What a route says of how many may ask it at once.</summary>
public static class RouteTurnsExtensions
{
    /// <summary>For routes that work long: who comes when all turns are taken is told to ask again.</summary>
    public static T AtOnce<T>(this T route, int max)
        where T : IEndpointConventionBuilder => route.AtOnce(max, max);

    /// <summary>The same, and one tenant leaves turns to others.</summary>
    public static T AtOnce<T>(this T route, int max, int maxOfOneTenant)
        where T : IEndpointConventionBuilder => route.AddEndpointFilter(new RouteTurns(new SharedTurns(max, 0, new TurnShare(maxOfOneTenant, 0))));
}

/// <summary>Gives the turns of one route of one host.</summary>
internal sealed class RouteTurns(SharedTurns turns) : IEndpointFilter
{
    private static readonly Problem TooMany = new(
        StatusCodes.Status503ServiceUnavailable, "route_busy", "This work is being done for as many callers as at once are answered; ask again.",
        RetryAfterSeconds: 10);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        using var turn = await turns.TakeAsync(ApiCaller.Of(context.HttpContext)?.Tenant ?? "", context.HttpContext.RequestAborted);
        return turn is null ? TooMany : await next(context);
    }
}
