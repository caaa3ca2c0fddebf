using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using UsageLedger.Recording;

namespace UsageLedger.Answering;

/// <summary>Decimals as strings in plain notation without trailing zeros, so that no reader turns them into binary fractions.</summary>
public sealed class DecimalJson : JsonConverter<decimal>
{
    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number))
        {
            throw new JsonException("A decimal is a string or a number.");
        }

        var utf8 = reader.TokenType == JsonTokenType.String ? Encoding.UTF8.GetBytes(reader.GetString()!) : reader.ValueSpan;
        return ExactDecimal.Read(utf8, out var value) == DecimalReading.Exact
            ? value
            : throw new JsonException("A decimal has at most 28 significant digits.");
    }

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options)
    {
        Span<byte> utf8 = stackalloc byte[ExactDecimal.TextBytesMax];
        writer.WriteStringValue(utf8[..ExactDecimal.Write(value, utf8)]);
    }
}
