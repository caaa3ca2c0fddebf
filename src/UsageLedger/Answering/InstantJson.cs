using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;
using UsageLedger.EventLog.Proof;
using UsageLedger.Recording;

namespace UsageLedger.Answering;

/// <summary>Instants in RFC 3339: any offset is read, UTC is written.</summary>
public sealed class InstantJson : JsonConverter<Instant>
{
    public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
        && InstantText.Read(Encoding.UTF8.GetBytes(reader.GetString()!), out var instant) == InstantReading.Read
            ? instant
            : throw new JsonException("An instant is RFC 3339 with Z or an offset.");

    public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options)
    {
        Span<byte> utf8 = stackalloc byte[Rfc3339.MaxLength];
        writer.WriteStringValue(utf8[..Rfc3339.Write(value, utf8)]);
    }
}
