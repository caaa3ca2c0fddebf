using System.Buffers;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace UsageLedger.Answering;

/// <summary>Gives each request the id that its caller chose, or a new one: in its answer, its events and its log lines.</summary>
internal sealed class CorrelationId(RequestDelegate next, ILogger<CorrelationId> log)
{
    public const string Header = "X-Correlation-Id";

    private const int LengthMax = 100;

    private static readonly SearchValues<char> Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-");

    public async Task InvokeAsync(HttpContext context)
    {
        var id = context.Request.Headers[Header] is [{ } given] && IsValid(given) ? given : Guid.NewGuid().ToString("N");
        context.Items[CorrelationIdExtensions.Place] = id;
        context.Response.Headers[Header] = id;
        using (log.BeginScope(new Dictionary<string, object?> { ["CorrelationId"] = id, ["TraceId"] = Activity.Current?.TraceId.ToHexString() }))
        {
            await next(context);
        }
    }

    internal static bool IsValid(string id) => id.Length is > 0 and <= LengthMax && !id.AsSpan().ContainsAnyExcept(Characters);
}

/// <summary>Where a door finds the correlation id.</summary>
public static class CorrelationIdExtensions
{
    internal static readonly object Place = new();

    /// <summary>The id that goes with every event of this request.</summary>
    public static string CorrelationId(this HttpContext context) =>
        context.Items[Place] as string ?? throw new InvalidOperationException("UseAnswering must stand before the endpoints.");
}
