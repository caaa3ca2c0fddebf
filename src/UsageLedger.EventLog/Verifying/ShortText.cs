using System.Text;

namespace UsageLedger.EventLog.Verifying;

/// <summary>Turns the few tenants, streams and types that occur again and again into strings without making each anew.</summary>
internal sealed class ShortText
{
    private const int Slots = 4_096;
    private const int LongestKept = 256;

    private readonly (byte[] Utf8, string Text)[] seen = new (byte[], string)[Slots];

    public string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LongestKept)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        ref var slot = ref seen[Hash(utf8) % Slots];
        if (slot.Utf8 is null || !utf8.SequenceEqual(slot.Utf8))
        {
            slot = (utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        }

        return slot.Text;
    }

    // FNV-1a over the last bytes, in which such texts differ; a clash costs one string.
    private static uint Hash(ReadOnlySpan<byte> utf8)
    {
        var hash = 2_166_136_261u ^ (uint)utf8.Length;
        foreach (var octet in utf8[Math.Max(0, utf8.Length - 12)..])
        {
            hash = (hash ^ octet) * 16_777_619;
        }

        return hash ^ (hash >> 16);
    }
}
