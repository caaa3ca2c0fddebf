using Microsoft.AspNetCore.Http;

namespace UsageLedger.Answering;

/// <summary>Asks an endpoint what it has against a request, before the request is refused for something that counts for less.</summary>
internal static class Rehearsal
{
    /// <summary>Whether the endpoint refuses (4xx), which the caller is then told; of any other answer nothing remains.</summary>
    public static async Task<bool> RefusesAsync(HttpContext context, RequestDelegate next)
    {
        var (response, output) = (context.Response, context.Response.Body);
        var headers = response.Headers.ToArray();
        await using var held = new HeldRefusal(response);
        response.Body = held;
        try
        {
            await next(context);
            await response.BodyWriter.FlushAsync(CancellationToken.None);
        }
        finally
        {
            response.Body = output;
        }

        if (HeldRefusal.Is(response.StatusCode))
        {
            await held.CopyOutAsync(output, context.RequestAborted);
            return true;
        }

        response.StatusCode = StatusCodes.Status200OK;
        response.Headers.Clear();
        foreach (var header in headers)
        {
            response.Headers.Append(header.Key, header.Value);
        }

        return false;
    }
}
