using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace UsageLedger.Answering;

/// <summary>A request's body, read whole so that it can be told from another, and put back for the endpoint.</summary>
internal static class RequestCopy
{
    /// <exception cref="BadHttpRequestException">The body is larger than the server takes.</exception>
    public static async Task<ReadOnlyMemory<byte>> TakeAsync(HttpRequest request, CancellationToken ct)
    {
        var copy = new MemoryStream();
        await request.Body.CopyToAsync(copy, ct);
        copy.Position = 0;
        request.Body = copy;
        return copy.GetBuffer().AsMemory(0, (int)copy.Length);
    }

    /// <summary>What must be the same for two requests to be one: the query and the body.</summary>
    public static byte[] Fingerprint(string? query, ReadOnlyMemory<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(query ?? ""));
        hash.AppendData([0]);
        hash.AppendData(body.Span);
        return hash.GetHashAndReset();
    }
}
