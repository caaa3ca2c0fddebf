using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace UsageLedger.Exporting;

/// <summary>Where a document is written: it is hashed on its way, and nobody holds more than a little of it.</summary>
internal sealed class ExportOutput(Stream stream) : IDisposable
{
    private const int BufferedMax = 64 * 1024;

    private readonly ArrayBufferWriter<byte> buffer = new(2 * BufferedMax);
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public IBufferWriter<byte> Buffer => buffer;

    public void Text(string text) => Encoding.UTF8.GetBytes(text, buffer);

    /// <summary>Lets go of what is written, once it is worth it.</summary>
    public ValueTask RelieveAsync(CancellationToken ct) => buffer.WrittenCount >= BufferedMax ? FlushAsync(ct) : ValueTask.CompletedTask;

    /// <summary>SHA-256 of all that was written up to here.</summary>
    public async ValueTask<byte[]> HashAsync(CancellationToken ct)
    {
        await FlushAsync(ct);
        return hash.GetCurrentHash();
    }

    private async ValueTask FlushAsync(CancellationToken ct)
    {
        hash.AppendData(buffer.WrittenSpan);
        await stream.WriteAsync(buffer.WrittenMemory, ct);
        await stream.FlushAsync(ct);
        buffer.ResetWrittenCount();
    }

    public void Dispose() => hash.Dispose();
}
