using System.Text.Json;
using System.Text.Json.Serialization;
using UsageLedger.EventLog;

namespace UsageLedger.Auditing;

/// <summary>Canonical JSON goes out byte for byte, since its hash is what proofs are about.</summary>
public sealed class CanonicalJsonConverter : JsonConverter<CanonicalJson>
{
    public override CanonicalJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Events are never read from a request.");

    public override void Write(Utf8JsonWriter writer, CanonicalJson value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
}
