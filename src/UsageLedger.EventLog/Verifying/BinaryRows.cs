using System.Buffers.Binary;

namespace UsageLedger.EventLog.Verifying;

/// <summary>Reads the rows of a binary COPY one by one out of one reused buffer: nothing is allocated for a row.</summary>
internal sealed class BinaryRows(Stream copy)
{
    private const int HeaderBytes = 19;

    private readonly (int Offset, int Length)[] fields = new (int, int)[16];
    private byte[] buffer = new byte[256 * 1024];
    private int start;
    private int end;
    private bool begun;

    /// <summary>Whether the field of the current row is null.</summary>
    public bool IsNull(int field) => fields[field].Length < 0;

    /// <summary>The bytes of a field of the current row; good until the next one.</summary>
    public ReadOnlySpan<byte> this[int field] => buffer.AsSpan(fields[field].Offset, Math.Max(0, fields[field].Length));

    public long Int64(int field) => BinaryPrimitives.ReadInt64BigEndian(this[field]);

    /// <summary>Moves to the next row; false at the end.</summary>
    public ValueTask<bool> NextAsync(CancellationToken ct) =>
        begun && Scan(out var isLast) == 0 ? ValueTask.FromResult(!isLast) : FillAsync(ct);

    private async ValueTask<bool> FillAsync(CancellationToken ct)
    {
        if (!begun)
        {
            begun = true;
            await HaveAsync(HeaderBytes, ct);
            start += HeaderBytes;
        }

        bool isLast;
        for (int length; (length = Scan(out isLast)) > 0;)
        {
            await HaveAsync(length, ct);
        }

        return !isLast;
    }

    /// <summary>Marks the fields of the row at the start; 0 when it is whole, else how many bytes it needs at least.</summary>
    private int Scan(out bool isLast)
    {
        isLast = false;
        var at = start + sizeof(short);
        if (at > end)
        {
            return sizeof(short);
        }

        var count = BinaryPrimitives.ReadInt16BigEndian(buffer.AsSpan(start));
        if (count < 0)
        {
            isLast = true;
            return 0;
        }

        for (var field = 0; field < count; field++)
        {
            if (end - at < sizeof(int))
            {
                return at + sizeof(int) - start;
            }

            var length = BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(at));
            at += sizeof(int);
            fields[field] = (at, length);
            at += Math.Max(0, length);
            if (at > end)
            {
                return at - start;
            }
        }

        start = at;
        return 0;
    }

    private async ValueTask HaveAsync(int bytes, CancellationToken ct)
    {
        var larger = bytes > buffer.Length ? new byte[2L * bytes] : buffer;
        buffer.AsSpan(start, end - start).CopyTo(larger);
        (buffer, end, start) = (larger, end - start, 0);
        while (end < bytes)
        {
            var read = await copy.ReadAsync(buffer.AsMemory(end), ct);
            end += read > 0 ? read : throw new EndOfStreamException("The copy ended within a row.");
        }
    }
}
