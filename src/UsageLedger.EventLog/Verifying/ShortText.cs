using System.Text;

namespace UsageLedger.EventLog.Verifying;

/// <summary>Turns the few tenants, streams and types that occur again and again into strings without making each anew.</summary>
internal sealed class ShortText
{
    private const int Slots = 4_096;

    private readonly (byte[] Utf8, string Text)[] seen = new (byte[], string)[Slots];

    public string Of(ReadOnlySpan<byte> utf8)
    {
        var hash = new HashCode();
        hash.AddBytes(utf8);
        ref var slot = ref seen[(uint)hash.ToHashCode() % Slots];
        if (slot.Utf8 is null || !utf8.SequenceEqual(slot.Utf8))
        {
            slot = (utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        }

        return slot.Text;
    }
}
