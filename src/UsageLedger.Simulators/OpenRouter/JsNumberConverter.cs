using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace UsageLedger.Simulators.OpenRouter;

/// <summary>Writes amounts as JavaScript writes numbers: exact here, and below a millionth with an exponent.</summary>
internal sealed class JsNumberConverter : JsonConverter<decimal>
{
    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDecimal();

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) => writer.WriteRawValue(Text(value));

    public static string Text(decimal value) =>
        value != 0 && Math.Abs(value) < 0.000001m
            ? value.ToString("0.############################e-0", CultureInfo.InvariantCulture)
            : value.ToString("0.############################", CultureInfo.InvariantCulture);
}
