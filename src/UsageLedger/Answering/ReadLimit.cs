using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace UsageLedger.Answering;

/// <summary>Reads wait their turn, so that slow ones leave connections of the database to those who record.</summary>
internal sealed class ReadLimit(RequestDelegate next) : IDisposable
{
    private const int AtOnceMax = 40;
    private const int WaitingMax = 400;

    private static readonly Problem TooMany = new(
        StatusCodes.Status503ServiceUnavailable, "reads_busy", "Too many reads are waiting already; ask again.", RetryAfterSeconds: 1);

    private readonly ConcurrencyLimiter turns = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = AtOnceMax,
        QueueLimit = WaitingMax,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    public async Task InvokeAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            await next(context);
            return;
        }

        using var turn = await turns.AcquireAsync(1, context.RequestAborted);
        await (turn.IsAcquired ? next(context) : TooMany.ExecuteAsync(context));
    }

    public void Dispose() => turns.Dispose();
}
