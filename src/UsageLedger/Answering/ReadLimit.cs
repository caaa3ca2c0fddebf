using Microsoft.AspNetCore.Http;
using UsageLedger.Access;

namespace UsageLedger.Answering;

/// <summary>Reads wait their turn, so that slow ones leave connections of the database to those who record, and one tenant's leave turns to others.</summary>
internal sealed class ReadLimit(RequestDelegate next) : IDisposable
{
    private const int AtOnceMax = 40;
    private const int WaitingMax = 400;
    private const int OfOneTenantMax = 30;
    private const int OfOneTenantWaitingMax = 300;

    private static readonly Problem TooMany = new(
        StatusCodes.Status503ServiceUnavailable, "reads_busy", "Too many reads are waiting already; ask again.", RetryAfterSeconds: 1);

    private readonly SharedTurns turns = new(AtOnceMax, WaitingMax, new TurnShare(OfOneTenantMax, OfOneTenantWaitingMax));

    public async Task InvokeAsync(HttpContext context)
    {
        // What asks for no key, such as whether the host lives, must be answered while callers have all turns.
        if (!HttpMethods.IsGet(context.Request.Method) || ApiCaller.Of(context) is not { } caller)
        {
            await next(context);
            return;
        }

        using var turn = await turns.TakeAsync(caller.Tenant, context.RequestAborted);
        await (turn is not null ? next(context) : TooMany.ExecuteAsync(context));
    }

    public void Dispose() => turns.Dispose();
}
