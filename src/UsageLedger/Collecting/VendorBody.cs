using System.Buffers;

namespace UsageLedger.Collecting;

/// <summary>Reads a vendor's answer whole, after decompression no larger than allowed.</summary>
internal static class VendorBody
{
    private const int Piece = 64 * 1024;

    /// <exception cref="VendorException">It is larger.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContent content, int bytesMax, CancellationToken ct)
    {
        if (content.Headers.ContentLength > bytesMax)
        {
            throw TooLarge(bytesMax);
        }

        await using var stream = await content.ReadAsStreamAsync(ct);
        var body = new ArrayBufferWriter<byte>(Math.Max((int)(content.Headers.ContentLength ?? 0), Piece));
        while (true)
        {
            var read = await stream.ReadAsync(body.GetMemory(Piece), ct);
            if (read == 0)
            {
                return body.WrittenMemory;
            }

            body.Advance(read);
            if (body.WrittenCount > bytesMax)
            {
                throw TooLarge(bytesMax);
            }
        }
    }

    private static VendorException TooLarge(int bytesMax) =>
        new(VendorException.Unreadable, $"The vendor's answer is larger than {bytesMax} bytes; ask for smaller pages (setting pageSize).");
}
