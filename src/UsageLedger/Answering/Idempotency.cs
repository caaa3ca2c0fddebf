using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using UsageLedger.Access;
using UsageLedger.EventLog;
using UsageLedger.Recording;

namespace UsageLedger.Answering;

/// <summary>A POST that does not know the <c>Idempotency-Key</c> header.</summary>
internal sealed record NotIdempotent;

/// <summary>What a route says of the <c>Idempotency-Key</c>.</summary>
public static class IdempotencyExtensions
{
    /// <summary>For webhooks, which are known by their content.</summary>
    public static T WithoutIdempotency<T>(this T route)
        where T : IEndpointConventionBuilder => route.WithMetadata(new NotIdempotent());

    public static bool IsHeeded(Endpoint route) => route.Metadata.GetMetadata<NotIdempotent>() is null;
}

/// <summary>The same key and the same body have the same answer, for a day at least. A request without the header pays nothing.</summary>
internal sealed class Idempotency(RequestDelegate next, IdempotencyKeys keys, ILogger<Idempotency> log)
{
    public const string Header = "Idempotency-Key";
    public const string ReplayedHeader = "Idempotency-Replayed";

    private const int KeyMax = 255;
    private static readonly int[] Passing =
        [StatusCodes.Status408RequestTimeout, StatusCodes.Status429TooManyRequests, StatusCodes.Status499ClientClosedRequest];

    private static readonly TimeSpan RenewEvery = IdempotencyKeys.Lease / 3;

    private static readonly Problem Reused = new(
        StatusCodes.Status422UnprocessableEntity, "idempotency_key_reused", "This Idempotency-Key was sent with another body; send a new one.");

    private static readonly Problem InFlight = Problem.Conflict("idempotency_key_in_flight", "A request with this Idempotency-Key is being worked on; ask again.")
        with { RetryAfterSeconds = 1 };

    public Task InvokeAsync(HttpContext context) =>
        HttpMethods.IsPost(context.Request.Method)
        && context.Request.Headers.TryGetValue(Header, out var given)
        && ApiCaller.Of(context) is { } caller
        && context.GetEndpoint() is RouteEndpoint endpoint
        && IdempotencyExtensions.IsHeeded(endpoint)
            ? AnswerAsync(context, caller, given)
            : next(context);

    private async Task AnswerAsync(HttpContext context, ApiCaller caller, IReadOnlyList<string?> given)
    {
        if (given is not [{ Length: > 0 and <= KeyMax } key] || key.Any(char.IsControl))
        {
            var error = new FieldProblem("", "invalid_idempotency_key", $"An Idempotency-Key holds 1 to {KeyMax} characters.");
            await Problem.BadRequest(error).ExecuteAsync(context);
            return;
        }

        if (await RequestCopy.TakeAsync(context.Request, context.RequestAborted) is not { } body)
        {
            await BodyRoom.Full.ExecuteAsync(context);
            return;
        }

        var question = new IdempotentQuestion(
            caller.Tenant, context.Request.Path.Value ?? "", key, RequestCopy.Fingerprint(context.Request.QueryString.Value, context.Request.ContentType, body));
        var claim = await keys.ClaimAsync(question, context.RequestAborted);
        await (claim switch
        {
            { Answer: { } answer } => ReplayAsync(context.Response, answer, context.RequestAborted),
            { Verdict: ClaimVerdict.OtherQuestion } => Reused.ExecuteAsync(context),
            { Verdict: ClaimVerdict.InFlight } => InFlight.ExecuteAsync(context),
            _ => WorkAsync(context, question, claim.Id)
        });
    }

    private static async Task ReplayAsync(HttpResponse response, KeptAnswer answer, CancellationToken ct)
    {
        response.Headers[ReplayedHeader] = "true";
        await answer.WriteAsync(response, ct);
    }

    private async Task WorkAsync(HttpContext context, IdempotentQuestion question, Guid claim)
    {
        // The work goes on without its caller, who finds the answer when it comes back.
        var (caller, output) = (context.RequestAborted, context.Response.Body);
        using var limit = new CancellationTokenSource(RequestTime.LimitOf(context));
        using var stop = RequestTime.EndWithHost(context, limit);
        using var held = new MemoryStream();
        context.RequestAborted = limit.Token;
        context.Response.Body = held;
        KeptAnswer? answer = null;
        try
        {
            await RenewWhileAsync(next(context), question, claim);
            await context.Response.BodyWriter.FlushAsync(CancellationToken.None);
            answer = KeptAnswer.Of(context.Response, held);
        }
        finally
        {
            context.Response.Body = output;
            context.RequestAborted = caller;
            await SettleAsync(question, claim, answer);
        }

        await output.WriteAsync(held.GetBuffer().AsMemory(0, (int)held.Length), caller);
    }

    /// <summary>Whatever becomes of the lease, the work is waited for: it has begun, and its answer is owed.</summary>
    private async Task RenewWhileAsync(Task work, IdempotentQuestion question, Guid claim)
    {
        while (await Task.WhenAny(work, Task.Delay(RenewEvery)) != work)
        {
            await RenewAsync(question, claim);
        }

        await work;
    }

    private async Task RenewAsync(IdempotentQuestion question, Guid claim)
    {
        try
        {
            await keys.RenewAsync(question, claim, CancellationToken.None);
        }
        catch (Exception failure)
        {
            log.LogWarning(failure, "The lease of an Idempotency-Key could not be renewed; the work under it goes on");
        }
    }

    /// <summary>What is only for the moment is not kept, so that asking again can end better.</summary>
    private async Task SettleAsync(IdempotentQuestion question, Guid claim, KeptAnswer? answer)
    {
        try
        {
            await (answer is { Status: < 500 } && !Passing.Contains(answer.Status)
                ? keys.KeepAsync(question, claim, answer)
                : keys.ReleaseAsync(question, claim));
        }
        catch (Exception failure) when (DatabaseFailure.Is(failure))
        {
            // The work is done and its answer is true; only a repeat will be worked on anew, once the lease has ended.
            log.LogWarning(failure, "The answer under an Idempotency-Key could not be kept");
        }
    }
}
