using System.Security.Cryptography;
using System.Text;

namespace UsageLedger.EventLog;

/// <summary>Version-8 UUIDs (RFC 9562) made of the SHA-256 of their parts, so that one fact has one id for ever.</summary>
public static class DeterministicId
{
    private const int StackMax = 1024;

    /// <summary>The id of these parts; each part is prefixed with its length, so no two lists of parts read the same.</summary>
    public static Guid Of(params ReadOnlySpan<string> parts)
    {
        var length = 0;
        foreach (var part in parts)
        {
            length += sizeof(int) + Encoding.UTF8.GetMaxByteCount(part.Length);
        }

        var buffer = length <= StackMax ? stackalloc byte[length] : new byte[length];
        var at = 0;
        foreach (var part in parts)
        {
            var written = Encoding.UTF8.GetBytes(part, buffer[(at + sizeof(int))..]);
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(buffer[at..], written);
            at += sizeof(int) + written;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(buffer[..at], hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
