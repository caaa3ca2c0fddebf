using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace UsageLedger.Answering;

/// <summary>How long a route may take.</summary>
internal sealed record TimeLimit(TimeSpan Max);

/// <summary>What a route says of its time.</summary>
public static class RequestTimeExtensions
{
    /// <summary>For routes whose work takes longer than the usual minute, such as exports.</summary>
    public static T MayTake<T>(this T route, TimeSpan max)
        where T : IEndpointConventionBuilder => route.WithMetadata(new TimeLimit(max));
}

/// <summary>Cancels a request that takes too long, so that nothing waits for ever.</summary>
internal sealed class RequestTime(RequestDelegate next)
{
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AfterStop = TimeSpan.FromSeconds(5);
    private static readonly object Place = new();

    public static TimeSpan LimitOf(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<TimeLimit>()?.Max ?? Usual;

    /// <summary>Whether the caller has gone, which is another thing than the time being up.</summary>
    public static bool IsCallerGone(HttpContext context) =>
        (context.Items[Place] is CancellationToken caller ? caller : context.RequestAborted).IsCancellationRequested;

    /// <summary>A host that is told to stop waits a moment for its requests, and not for as long as some may take.</summary>
    public static CancellationTokenRegistration EndWithHost(HttpContext context, CancellationTokenSource limit) =>
        context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => limit.CancelAfter(AfterStop));

    public async Task InvokeAsync(HttpContext context)
    {
        var caller = context.RequestAborted;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(caller);
        limit.CancelAfter(LimitOf(context));
        using var stop = EndWithHost(context, limit);
        context.Items[Place] = caller;
        context.RequestAborted = limit.Token;
        try
        {
            await next(context);
        }
        finally
        {
            context.RequestAborted = caller;
        }
    }
}
