using System.Runtime.CompilerServices;

namespace UsageLedger.Importing;

/// <summary>A line of a file without its end. The bytes are good until the next line is asked for.</summary>
internal readonly record struct FileLine(long Number, ReadOnlyMemory<byte> Bytes, bool IsTooLong);

/// <summary>Splits a stream into lines, holding one at a time; a line beyond the bound is passed over and told as such.</summary>
internal static class FileLines
{
    public const int LineBytesMax = 1024 * 1024;

    private const int BufferBytes = 64 * 1024;
    private static readonly byte[] Mark = [0xEF, 0xBB, 0xBF];

    public static async IAsyncEnumerable<FileLine> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken ct)
    {
        var buffer = new byte[BufferBytes];
        var (start, filled, number, passingOver) = (0, 0, 1L, false);
        while (true)
        {
            var length = buffer.AsSpan(start, filled - start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                yield return Line(number, buffer.AsMemory(start, length), passingOver);
                (start, number, passingOver) = (start + length + 1, number + 1, false);
                continue;
            }

            if (passingOver || filled - start > LineBytesMax)
            {
                (start, filled, passingOver) = (0, 0, true);
            }

            (buffer, start, filled) = MakeRoom(buffer, start, filled);
            var read = await stream.ReadAsync(buffer.AsMemory(filled), ct);
            if (read == 0)
            {
                break;
            }

            filled += read;
        }

        if (passingOver || filled > start)
        {
            yield return Line(number, buffer.AsMemory(start, filled - start), passingOver);
        }
    }

    private static FileLine Line(long number, ReadOnlyMemory<byte> bytes, bool passedOver)
    {
        if (passedOver || bytes.Length > LineBytesMax)
        {
            return new FileLine(number, default, true);
        }

        return new FileLine(number, number == 1 && bytes.Span.StartsWith(Mark) ? bytes[Mark.Length..] : bytes, false);
    }

    private static (byte[] Buffer, int Start, int Filled) MakeRoom(byte[] buffer, int start, int filled)
    {
        if (filled < buffer.Length)
        {
            return (buffer, start, filled);
        }

        var rest = filled - start;
        var target = rest > buffer.Length / 2 ? new byte[buffer.Length * 2] : buffer;
        buffer.AsSpan(start, rest).CopyTo(target);
        return (target, 0, rest);
    }
}
