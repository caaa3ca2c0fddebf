using Microsoft.AspNetCore.Http;

namespace UsageLedger.Simulators;

/// <summary>A request's body, whole and no larger than allowed.</summary>
internal static class RequestBytes
{
    /// <exception cref="FormatException">It is larger.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, int max)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (var read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted); read > 0;
            read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted))
        {
            body.Write(buffer, 0, read);
            if (body.Length > max)
            {
                throw new FormatException($"the body is larger than {max} bytes");
            }
        }

        return body.ToArray();
    }
}
