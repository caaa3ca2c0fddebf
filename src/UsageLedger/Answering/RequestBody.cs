using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace UsageLedger.Answering;

/// <summary>A request's body, whole, in memory that goes back when it is disposed.</summary>
public sealed class RequestBody : IDisposable
{
    private const int FirstBytes = 16 * 1024;
    private const int AnnouncedBytesMax = 256 * 1024;

    private byte[] buffer = [];
    private int length;

    private RequestBody(Problem? problem = null) => Problem = problem;

    /// <summary>Why there is no body to look at: of another media type (415), too large (413), or too much with what others have sent (503).</summary>
    public Problem? Problem { get; private set; }

    /// <summary>Which of the media types it is; empty when there is neither a body nor a type.</summary>
    public string MediaType { get; private init; } = "";

    public ReadOnlyMemory<byte> Bytes => buffer.AsMemory(0, length);

    /// <param name="mediaTypes">Those that the route reads, without parameters.</param>
    public static async Task<RequestBody> ReadAsync(HttpRequest request, int bytesMax, IReadOnlyList<string> mediaTypes, CancellationToken ct)
    {
        if (MediaTypeOf(request, mediaTypes) is not { } mediaType)
        {
            return new RequestBody(StatusProblems.Of(StatusCodes.Status415UnsupportedMediaType));
        }

        return await ReadAsync(new RequestBody { MediaType = mediaType }, request, bytesMax, ct);
    }

    /// <summary>A body of whatever media type.</summary>
    public static Task<RequestBody> ReadAnyAsync(HttpRequest request, int bytesMax, CancellationToken ct) =>
        ReadAsync(new RequestBody(), request, bytesMax, ct);

    public void Dispose()
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        (buffer, length) = ([], 0);
    }

    private static async Task<RequestBody> ReadAsync(RequestBody body, HttpRequest request, int bytesMax, CancellationToken ct)
    {
        if (request.ContentLength > bytesMax)
        {
            body.Problem = StatusProblems.Of(StatusCodes.Status413PayloadTooLarge);
            return body;
        }

        await body.FillAsync(request, bytesMax, ct);
        return body;
    }

    /// <summary>JSON is UTF-8 and nothing else, so another charset is another media type. What is packed is not unpacked: a few bytes could become gigabytes.</summary>
    private static string? MediaTypeOf(HttpRequest request, IReadOnlyList<string> mediaTypes)
    {
        if (request.Headers.ContentEncoding.Count > 0)
        {
            return null;
        }

        if (request.ContentType is null && request.ContentLength is null or 0 && request.Headers.TransferEncoding.Count == 0)
        {
            return "";
        }

        return MediaTypeHeaderValue.TryParse(request.ContentType, out var given)
            && (!given.Charset.HasValue || HeaderUtilities.RemoveQuotes(given.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
                ? mediaTypes.FirstOrDefault(known => given.MediaType.Equals(known, StringComparison.OrdinalIgnoreCase))
                : null;
    }

    private async Task FillAsync(HttpRequest request, int bytesMax, CancellationToken ct)
    {
        var place = request.HttpContext.RequestServices.GetRequiredService<BodyRooms>().Enter(request.HttpContext);

        // A length that is only announced is not believed beyond this: memory comes with the bytes. One byte more shows that there are no more.
        var first = (int)Math.Clamp((request.ContentLength ?? 0) + 1, FirstBytes, AnnouncedBytesMax);
        if (!place.TryHold(first))
        {
            Problem = BodyRoom.Full;
            return;
        }

        buffer = ArrayPool<byte>.Shared.Rent(first);
        while (await request.Body.ReadAsync(buffer.AsMemory(length), ct) is > 0 and var read)
        {
            length += read;
            Problem = length > bytesMax ? StatusProblems.Of(StatusCodes.Status413PayloadTooLarge) : place.TryHold(length) ? null : BodyRoom.Full;
            if (Problem is not null)
            {
                return;
            }

            if (length == buffer.Length)
            {
                Grow();
            }
        }
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
