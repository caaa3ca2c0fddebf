using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using UsageLedger.Recording;

namespace UsageLedger.Answering;

/// <summary>A request's body, read whole so that it can be told from another, and put back for the endpoint.</summary>
internal static class RequestCopy
{
    private const int PieceBytes = 64 * 1024;

    /// <returns>Null: the host has no room for it.</returns>
    /// <exception cref="BadHttpRequestException">The body is larger than any route takes.</exception>
    public static async Task<ReadOnlyMemory<byte>?> TakeAsync(HttpRequest request, CancellationToken ct)
    {
        var place = request.HttpContext.RequestServices.GetRequiredService<BodyRooms>().Enter(request.HttpContext);
        var copy = new MemoryStream();
        var piece = new byte[PieceBytes];
        Refuse(request.ContentLength);
        while (await request.Body.ReadAsync(piece, ct) is > 0 and var read)
        {
            copy.Write(piece, 0, read);
            Refuse(copy.Length);
            if (!place.TryHold((int)copy.Length))
            {
                return null;
            }
        }

        copy.Position = 0;
        request.Body = copy;
        return copy.GetBuffer().AsMemory(0, (int)copy.Length);
    }

    /// <summary>What must be the same for two requests to be one: the query, what the body is, and the body.</summary>
    /// <param name="contentType">Its parameters do not count: none of them changes how a body is read.</param>
    public static byte[] Fingerprint(string? query, string? contentType, ReadOnlyMemory<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(query ?? ""));
        hash.AppendData([0]);
        hash.AppendData(Encoding.UTF8.GetBytes((contentType ?? "").Split(';')[0].Trim().ToLowerInvariant()));
        hash.AppendData([0]);
        hash.AppendData(body.Span);
        return hash.GetHashAndReset();
    }

    private static void Refuse(long? length)
    {
        if (length > UsageBody.BytesMax)
        {
            throw new BadHttpRequestException("The body is too large.", StatusCodes.Status413PayloadTooLarge);
        }
    }
}
