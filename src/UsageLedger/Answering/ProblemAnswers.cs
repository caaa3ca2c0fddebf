using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace UsageLedger.Answering;

/// <summary>Turns what went wrong, and answers that hold nothing but an error's status, into problems.</summary>
internal sealed partial class ProblemAnswers(RequestDelegate next, ILogger<ProblemAnswers> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (RequestTime.IsCallerGone(context))
        {
            // Nobody waits for an answer any more.
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return;
        }
#pragma warning disable CA1031 // Whatever it is, the caller must have an answer; what is a bug is logged as one.
        catch (Exception failure) when (IsUntouched(context.Response))
#pragma warning restore CA1031
        {
            var problem = FailureProblems.Of(failure);
            Log(context, failure, problem.Status);
            Clear(context.Response);
            await problem.ExecuteAsync(context);
            return;
        }

        if (IsBare(context.Response))
        {
            await StatusProblems.Of(context.Response.StatusCode).ExecuteAsync(context);
        }
    }

    /// <summary>Nothing was sent and nothing lies ready to be, so that what is written now is the whole answer.</summary>
    private static bool IsUntouched(HttpResponse response) =>
        !response.HasStarted && response.BodyWriter is { CanGetUnflushedBytes: false } or { UnflushedBytes: 0 };

    private static bool IsBare(HttpResponse response) =>
        response is { HasStarted: false, StatusCode: >= 400, StatusCode: not StatusCodes.Status499ClientClosedRequest, ContentType: null, ContentLength: null };

    private static void Clear(HttpResponse response)
    {
        response.ContentLength = null;
        response.Headers.ETag = default;
        response.Headers.CacheControl = default;
        response.Headers.Location = default;
        if (response.Body.CanSeek)
        {
            response.Body.SetLength(0);
        }
    }

    private void Log(HttpContext context, Exception failure, int status)
    {
        if (status == StatusCodes.Status500InternalServerError)
        {
            Failed(log, failure, context.Request.Method, context.Request.Path);
        }
        else if (failure is UnreadableEventException)
        {
            Unreadable(log, failure, context.Request.Method, context.Request.Path);
        }
        else if (status >= StatusCodes.Status503ServiceUnavailable)
        {
            Unavailable(log, failure, context.Request.Method, context.Request.Path);
        }
    }

    [LoggerMessage(4001, LogLevel.Error, "{Method} {Path} failed")]
    private static partial void Failed(ILogger logger, Exception failure, string method, string path);

    [LoggerMessage(4008, LogLevel.Error, "{Method} {Path} came upon an event that is not what was appended")]
    private static partial void Unreadable(ILogger logger, Exception failure, string method, string path);

    [LoggerMessage(4002, LogLevel.Warning, "{Method} {Path} cannot be answered for the moment")]
    private static partial void Unavailable(ILogger logger, Exception failure, string method, string path);
}
