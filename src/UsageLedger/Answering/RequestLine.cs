using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using UsageLedger.Access;

namespace UsageLedger.Answering;

/// <summary>One log line for each request: who asked what, what was answered, how long it took. Never the query, the headers or a body.</summary>
internal sealed partial class RequestLine(RequestDelegate next, ILogger<RequestLine> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var started = Stopwatch.GetTimestamp();
        await next(context);
        var level = LevelOf(context);
        if (log.IsEnabled(level))
        {
            var elapsedMs = (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            Answered(log, level, context.Request.Method, context.Request.Path, context.Response.StatusCode, elapsedMs, ApiCaller.Of(context)?.Tenant);
        }
    }

    /// <summary>Health is asked for every few seconds, and is worth a line only when it is bad.</summary>
    private static LogLevel LevelOf(HttpContext context) =>
        context.Response.StatusCode >= StatusCodes.Status500InternalServerError ? LogLevel.Warning
        : context.Request.Path.StartsWithSegments("/health") ? LogLevel.Debug
        : LogLevel.Information;

    [LoggerMessage(EventId = 4003, Message = "{Method} {Path} answered {Status} in {ElapsedMs} ms for {Tenant}")]
    private static partial void Answered(ILogger logger, LogLevel level, string method, string path, int status, long elapsedMs, string? tenant);
}
