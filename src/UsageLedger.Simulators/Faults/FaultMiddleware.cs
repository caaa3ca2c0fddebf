using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using UsageLedger.Simulators.OpenRouter;
using UsageLedger.Simulators.Twilio;

namespace UsageLedger.Simulators.Faults;

/// <summary>Stands before the vendors' APIs: dates answers, and spoils them as the faults say.</summary>
internal sealed class FaultMiddleware(RequestDelegate next, Simulation simulation)
{
    private const int BodyBytesMax = 1 << 20;

    public async Task InvokeAsync(HttpContext context)
    {
        if (Vendor(context.Request) is not { } vendor)
        {
            await next(context);
            return;
        }

        // A vendor dates its answers by its own clock, which is the world's.
        context.Response.Headers.Date = simulation.Clock.Now.ToString("ddd, dd MMM uuuu HH:mm:ss 'GMT'", CultureInfo.InvariantCulture);
        var faults = simulation.Faults;
        switch (simulation.Plan.Next(await NameAsync(context.Request), faults))
        {
            case Fault.None:
                await next(context);
                break;
            case Fault.TooManyRequests:
                await Refusal(vendor, StatusCodes.Status429TooManyRequests).ExecuteAsync(context);
                break;
            case Fault.TooManyRequestsWithRetryAfter:
                context.Response.Headers.RetryAfter = "1";
                await Refusal(vendor, StatusCodes.Status429TooManyRequests).ExecuteAsync(context);
                break;
            case Fault.ServerError:
                await Refusal(vendor, StatusCodes.Status500InternalServerError).ExecuteAsync(context);
                break;
            case Fault.TimeOut:
                await Task.Delay(faults.HangMs, context.RequestAborted);
                context.Abort();
                break;
            case Fault.CutConnection:
                await HalfAsync(context, isCut: true);
                break;
            default:
                await HalfAsync(context, isCut: false);
                break;
        }
    }

    private static string? Vendor(HttpRequest request) =>
        request.Path.StartsWithSegments("/retell") ? "retell"
        : request.Path.StartsWithSegments("/twilio") || request.Path.StartsWithSegments($"/{TwilioWire.Version}") ? "twilio"
        : request.Path.StartsWithSegments("/openrouter") ? "openrouter"
        : null;

    /// <summary>The same for the same request sent again.</summary>
    private static async Task<string> NameAsync(HttpRequest request)
    {
        var name = $"{request.Method} {request.Path}{request.QueryString}";
        if (request.ContentLength is null or 0)
        {
            return name;
        }

        request.EnableBuffering(BodyBytesMax, BodyBytesMax);
        var body = await RequestBytes.ReadAsync(request, BodyBytesMax);
        request.Body.Position = 0;
        return $"{name} {Convert.ToHexStringLower(SHA256.HashData(body.Span))}";
    }

    private static IResult Refusal(string vendor, int status) => (vendor, status) switch
    {
        ("retell", StatusCodes.Status429TooManyRequests) =>
            Results.Json(new { status = "error", message = "Account rate limited, please throttle your requests." }, statusCode: status),
        ("retell", _) => Results.Json(new { status = "error", message = "An unexpected server error occurred." }, statusCode: status),
        ("twilio", StatusCodes.Status429TooManyRequests) => TwilioDoor.Error(status, 20429, "Too Many Requests"),
        ("twilio", _) => TwilioDoor.Error(status, 20500, "An internal server error has occurred"),
        (_, StatusCodes.Status429TooManyRequests) => OpenRouterApi.Error(status, "Rate limit exceeded"),
        _ => OpenRouterApi.Error(status, "Internal Server Error")
    };

    /// <summary>Half of the answer: as if that were all of it, or with the connection cut.</summary>
    private async Task HalfAsync(HttpContext context, bool isCut)
    {
        var wire = context.Response.Body;
        using var whole = new MemoryStream();
        context.Response.Body = whole;
        await next(context);
        context.Response.Body = wire;
        var half = whole.ToArray().AsMemory(0, (int)whole.Length / 2);
        context.Response.ContentLength = isCut ? whole.Length : half.Length;
        await wire.WriteAsync(half, context.RequestAborted);
        if (isCut)
        {
            await wire.FlushAsync(context.RequestAborted);
            context.Abort();
        }
    }
}
