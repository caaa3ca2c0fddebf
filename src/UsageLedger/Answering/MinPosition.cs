using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using UsageLedger.Access;
using UsageLedger.EventLog.Projecting;
using UsageLedger.EventLog.Reading;
using UsageLedger.Recording;

namespace UsageLedger.Answering;

/// <summary>Which read models a route reads; none: it reads the log itself.</summary>
internal sealed record WaitsForReadModels(IReadOnlyList<string> Projections, bool Never = false);

/// <summary>What a route says of <c>minPosition</c>.</summary>
public static class MinPositionExtensions
{
    /// <summary>Names the projections that must have come to <c>minPosition</c>. A GET that names none waits for the log alone.</summary>
    public static T WaitsFor<T>(this T route, params string[] projections)
        where T : IEndpointConventionBuilder => route.WithMetadata(new WaitsForReadModels(projections));

    /// <summary>For what is not a read of anybody's writes, such as tiles.</summary>
    public static T WithoutMinPosition<T>(this T route)
        where T : IEndpointConventionBuilder => route.WithMetadata(new WaitsForReadModels([], Never: true));

    public static bool IsHeeded(Endpoint route) => route.Metadata.GetMetadata<WaitsForReadModels>() is not { Never: true };
}

/// <summary>Lets a writer read its own writes: <c>?minPosition=p</c> waits until what is read holds position p.</summary>
/// <remarks>
/// What is in the log is waited for first, for then the endpoint may still find what it misses now. What the endpoint refuses once it has
/// all of the log (404 before all) comes before a position that makes no sense or that nobody has reached.
/// </remarks>
internal sealed class MinPosition(RequestDelegate next, ReadModels models, LogReader log) : IDisposable
{
    public const string Parameter = "minPosition";

    private const int AtOnceMax = 400;
    private const int OfOneTenantMax = 200;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(40);

    private static readonly Problem Invalid =
        Problem.BadRequest(new FieldProblem("?minPosition", "invalid_position", "minPosition is one number of digits only."));

    private static readonly Problem NotReached = new(
        StatusCodes.Status503ServiceUnavailable, "position_not_reached", "What is read has not come to minPosition yet; ask again.",
        RetryAfterSeconds: 1);

    /// <summary>Who waits asks the database over and over.</summary>
    private readonly SharedTurns turns = new(AtOnceMax, 0, new TurnShare(OfOneTenantMax, 0));

    public void Dispose() => turns.Dispose();

    public Task InvokeAsync(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) && context.Request.Query.ContainsKey(Parameter)
        && context.GetEndpoint() is { } endpoint && MinPositionExtensions.IsHeeded(endpoint)
            ? WaitAsync(context, endpoint.Metadata.GetMetadata<WaitsForReadModels>()?.Projections ?? [])
            : next(context);

    private async Task WaitAsync(HttpContext context, IReadOnlyList<string> projections)
    {
        if (context.Request.Query[Parameter] is not [{ } text]
            || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position))
        {
            await (await Rehearsal.RefusesAsync(context, next) ? Task.CompletedTask : Invalid.ExecuteAsync(context));
            return;
        }

        if (await ReachedAsync(context, Math.Min(position, await log.HeadAsync(context.RequestAborted)), projections))
        {
            await WaitAsync(context, projections, position);
        }
        else
        {
            await NotReached.ExecuteAsync(context);
        }
    }

    /// <summary>A position beyond the log was given to nobody yet: who asks for nothing that is there need not wait for it.</summary>
    private async Task WaitAsync(HttpContext context, IReadOnlyList<string> projections, long position)
    {
        if (position > await log.HeadAsync(context.RequestAborted) && await Rehearsal.RefusesAsync(context, next))
        {
            return;
        }

        await (await ReachedAsync(context, position, projections) ? next(context) : NotReached.ExecuteAsync(context));
    }

    /// <summary>Of more than may wait at once the others are told at once to ask again.</summary>
    private async Task<bool> ReachedAsync(HttpContext context, long position, IReadOnlyList<string> projections)
    {
        var ct = context.RequestAborted;
        using var turn = await turns.TakeAsync(ApiCaller.Of(context)?.Tenant ?? "", ct);
        return turn is not null && await (projections.Count == 0 ? HeadAsync(position, ct) : models.WaitForAsync(position, [.. projections], ct));
    }

    private async Task<bool> HeadAsync(long position, CancellationToken ct)
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        while (await log.HeadAsync(ct) < position)
        {
            if (System.Diagnostics.Stopwatch.GetElapsedTime(started) > Longest)
            {
                return false;
            }

            await Task.Delay(PollEvery, ct);
        }

        return true;
    }
}
