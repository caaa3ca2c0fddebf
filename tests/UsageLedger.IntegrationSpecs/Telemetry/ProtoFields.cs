using System.Text;

namespace UsageLedger.IntegrationSpecs.Telemetry;

/// <summary>A protobuf message as its fields by number; enough to read what a collector receives.</summary>
internal sealed record ProtoFields(ILookup<int, ReadOnlyMemory<byte>> Values)
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Fixed32 = 5;

    public IEnumerable<ProtoFields> Messages(int number) => Values[number].Select(Read);

    public string Text(int number) => Values[number].Select(value => Encoding.UTF8.GetString(value.Span)).LastOrDefault() ?? "";

    public string Hex(int number) => Values[number].Select(value => Convert.ToHexStringLower(value.Span)).LastOrDefault() ?? "";

    public bool Has(int number) => Values[number].Any();

    public static ProtoFields Read(ReadOnlyMemory<byte> bytes)
    {
        var fields = new List<(int Number, ReadOnlyMemory<byte> Value)>();
        var at = 0;
        while (at < bytes.Length)
        {
            var key = Number(bytes.Span, ref at);
            var start = at;
            var length = (int)(key & 7) switch
            {
                Varint => 0,
                Fixed64 => 8,
                Fixed32 => 4,
                _ => (int)Number(bytes.Span, ref at),
            };
            if ((key & 7) == Varint)
            {
                Number(bytes.Span, ref at);
                length = at - start;
                at = start;
            }

            fields.Add(((int)(key >> 3), bytes.Slice(at, length)));
            at += length;
        }

        return new ProtoFields(fields.ToLookup(field => field.Number, field => field.Value));
    }

    private static ulong Number(ReadOnlySpan<byte> bytes, ref int at)
    {
        var (number, shift) = (0UL, 0);
        while (true)
        {
            var part = bytes[at++];
            number |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return number;
            }

            shift += 7;
        }
    }
}
