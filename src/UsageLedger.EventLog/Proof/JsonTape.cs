using System.Buffers;
using System.Text.Json;

namespace UsageLedger.EventLog.Proof;

/// <summary>What stands at one place of the tape.</summary>
/// <param name="Kind">How to read the rest.</param>
/// <param name="Start">Offset in the text, or in the decoded bytes.</param>
/// <param name="Length">Bytes; for an object or array its number of children.</param>
/// <param name="Next">Index of the node after this one and all it holds.</param>
internal record struct TapeNode(TapeKind Kind, int Start, int Length, int Next);

internal enum TapeKind : byte
{
    /// <summary>Stands in the text as it is to be written, quotes included.</summary>
    Verbatim,

    /// <summary>A string that held escapes, kept decoded.</summary>
    Decoded,
    Object,
    Array,
}

/// <summary>One JSON text read once into a flat list of nodes: a name's node comes right before that of its value.</summary>
internal ref struct JsonTape(ReadOnlySpan<byte> json, Span<TapeNode> nodes)
{
    private const int DepthMax = 64;

    private readonly ReadOnlySpan<byte> json = json;
    private Span<TapeNode> nodes = nodes;
    private TapeNode[]? rented;
    private byte[]? decoded;
    private int decodedLength;

    public int Count { get; private set; }

    public readonly ref readonly TapeNode this[int index] => ref nodes[index];

    public void Read()
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DepthMax });
        Span<int> open = stackalloc int[DepthMax + 1];
        var depth = 0;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    open[depth++] = Count;
                    Add(new TapeNode(reader.TokenType == JsonTokenType.StartObject ? TapeKind.Object : TapeKind.Array, 0, 0, 0));
                    continue;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    nodes[open[--depth]].Next = Count;
                    break;
                case JsonTokenType.PropertyName:
                    AddText(ref reader);
                    continue;
                case JsonTokenType.String:
                    AddText(ref reader);
                    break;
                default:
                    AddScalar(ref reader);
                    break;
            }

            if (depth > 0)
            {
                nodes[open[depth - 1]].Length++;
            }
        }
    }

    /// <summary>The string at a node, without quotes and escapes.</summary>
    public readonly ReadOnlySpan<byte> Text(in TapeNode node) => node.Kind == TapeKind.Decoded
        ? decoded.AsSpan(node.Start, node.Length)
        : json.Slice(node.Start + 1, node.Length - 2);

    public readonly ReadOnlySpan<byte> Verbatim(in TapeNode node) => json.Slice(node.Start, node.Length);

    public void Dispose()
    {
        if (rented is not null)
        {
            ArrayPool<TapeNode>.Shared.Return(rented);
            rented = null;
        }

        if (decoded is not null)
        {
            ArrayPool<byte>.Shared.Return(decoded);
            decoded = null;
        }
    }

    private void AddText(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            Add(new TapeNode(TapeKind.Verbatim, (int)reader.TokenStartIndex, reader.ValueSpan.Length + 2, Count + 1));
            return;
        }

        // Decoded text is never longer than its escaped form, so the text's own length bounds all of it.
        decoded ??= ArrayPool<byte>.Shared.Rent(json.Length);
        var length = reader.CopyString(decoded.AsSpan(decodedLength));
        Add(new TapeNode(TapeKind.Decoded, decodedLength, length, Count + 1));
        decodedLength += length;
    }

    private void AddScalar(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        var isMinusZero = reader.TokenType == JsonTokenType.Number && reader.ValueSpan.SequenceEqual("-0"u8);
        Add(isMinusZero
            ? new TapeNode(TapeKind.Verbatim, start + 1, 1, Count + 1)
            : new TapeNode(TapeKind.Verbatim, start, reader.ValueSpan.Length, Count + 1));
    }

    private void Add(in TapeNode node)
    {
        if (Count == nodes.Length)
        {
            var larger = ArrayPool<TapeNode>.Shared.Rent(Math.Max(256, Count * 2));
            nodes.CopyTo(larger);
            if (rented is not null)
            {
                ArrayPool<TapeNode>.Shared.Return(rented);
            }

            nodes = rented = larger;
        }

        nodes[Count++] = node;
    }
}
