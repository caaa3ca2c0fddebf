using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace UsageLedger.Answering;

/// <summary>An answer that can be given again, byte for byte.</summary>
/// <param name="Headers">Names and values in turn.</param>
internal sealed record KeptAnswer(int Status, IReadOnlyList<string> Headers, ReadOnlyMemory<byte> Body)
{
    /// <summary>These belong to the one exchange, not to the answer.</summary>
    private static readonly HashSet<string> Passing = new(StringComparer.OrdinalIgnoreCase)
    {
        HeaderNames.Date, HeaderNames.Server, HeaderNames.Connection, HeaderNames.ContentLength, HeaderNames.TransferEncoding,
        CorrelationId.Header, Idempotency.ReplayedHeader
    };

    public static KeptAnswer Of(HttpResponse response, MemoryStream body) => new(
        response.StatusCode,
        [.. from header in response.Headers where !Passing.Contains(header.Key) from value in header.Value from text in new[] { header.Key, value } select text],
        body.GetBuffer().AsMemory(0, (int)body.Length));

    public async Task WriteAsync(HttpResponse response, CancellationToken ct)
    {
        response.StatusCode = Status;
        for (var i = 0; i + 1 < Headers.Count; i += 2)
        {
            response.Headers.Append(Headers[i], Headers[i + 1]);
        }

        if (!Body.IsEmpty)
        {
            response.ContentLength = Body.Length;
            await response.Body.WriteAsync(Body, ct);
        }
    }
}
