using System.Text.Json;
using System.Text.Json.Serialization;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Reporting;

/// <summary>A row holds the members that rows are told apart by, null where usage has none, and no others of them.</summary>
internal sealed class UsageRowJson : JsonConverter<UsageRow>
{
    public override UsageRow Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Rows are only ever answered.");

    public override void Write(Utf8JsonWriter writer, UsageRow value, JsonSerializerOptions options)
    {
        Span<byte> instant = stackalloc byte[Rfc3339.MaxLength];
        writer.WriteStartObject();
        writer.WriteString("windowStart"u8, instant[..Rfc3339.Write(value.Window.Start, instant)]);
        writer.WriteString("windowEnd"u8, instant[..Rfc3339.Write(value.Window.End, instant)]);
        Group(writer, "provider", value.Groups.Provider, value.Provider);
        Group(writer, "metric", value.Groups.Metric, value.Metric);
        Group(writer, "agentId", value.Groups.AgentId, value.AgentId);
        Group(writer, "resourceId", value.Groups.ResourceId, value.ResourceId);
        writer.WriteString("unit"u8, value.Unit);
        writer.WriteString("quantity"u8, value.Quantity);
        writer.WriteString("cost"u8, value.Cost);
        writer.WriteString("currency"u8, value.Currency);
        writer.WriteNumber("records"u8, value.Records);
        writer.WriteEndObject();
    }

    private static void Group(Utf8JsonWriter writer, string name, bool told, string? value)
    {
        if (told)
        {
            writer.WriteString(name, value);
        }
    }
}
