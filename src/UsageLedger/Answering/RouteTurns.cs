using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace UsageLedger.Answering;

/// <summary>What a route says of how many may ask it at once.</summary>
public static class RouteTurnsExtensions
{
    /// <summary>For routes that work long: who comes when all turns are taken is told to ask again.</summary>
    public static RouteHandlerBuilder AtOnce(this RouteHandlerBuilder route, int max) => route.AddEndpointFilter(new RouteTurns(max));
}

/// <summary>Counts who is being answered by one route of one host.</summary>
internal sealed class RouteTurns(int max) : IEndpointFilter
{
    private static readonly Problem TooMany = new(
        StatusCodes.Status503ServiceUnavailable, "route_busy", "This work is being done for as many callers as at once are answered; ask again.",
        RetryAfterSeconds: 10);

    private int taken;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return Interlocked.Increment(ref taken) <= max ? await next(context) : TooMany;
        }
        finally
        {
            Interlocked.Decrement(ref taken);
        }
    }
}
