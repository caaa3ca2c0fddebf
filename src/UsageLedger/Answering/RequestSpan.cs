using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using UsageLedger.EventLog.Telemetry;

namespace UsageLedger.Answering;

/// <summary>Names the span of a request by its route, never by its path, which holds what callers named.</summary>
internal sealed class RequestSpan(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var span = Activity.Current;
        if (span is not { IsAllDataRequested: true })
        {
            await next(context);
            return;
        }

        span.SetTag(LogTelemetry.Correlation, context.CorrelationId());
        try
        {
            await next(context);
        }
        finally
        {
            var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
            span.DisplayName = route is null ? "unknown route" : $"{context.Request.Method} {route}";
            span.SetTag("http.route", route).SetTag("http.request.method", route is null ? null : context.Request.Method);
            span.SetTag("http.response.status_code", context.Response.StatusCode);
            span.SetStatus(context.Response.StatusCode >= StatusCodes.Status500InternalServerError ? ActivityStatusCode.Error : ActivityStatusCode.Unset);
        }
    }
}
