using System.Text.Json;
using NodaTime;

namespace UsageLedger.Recording;

/// <summary>Reads lines that each hold one usage record as JSON and are valid UTF-8.</summary>
/// <param name="now">When they arrived.</param>
internal sealed class UsageLineReader(Instant now, UsageDefaults defaults)
{
    private readonly UsageRecordReader reader = new(now, defaults);

    public static bool IsBlank(ReadOnlySpan<byte> line) => line.TrimStart(" \t\r"u8).IsEmpty;

    public ParsedUsage Read(ReadOnlySpan<byte> line, int index)
    {
        try
        {
            var json = new Utf8JsonReader(line);
            json.Read();
            var item = reader.Read(ref json, index);
            JsonBody.End(ref json);
            return reader.NamedTwice is { } twice ? ParsedUsage.Refused(twice) : item;
        }
        catch (JsonException malformed)
        {
            return ParsedUsage.Refused(JsonBody.Malformed(JsonPointer.Item(index), malformed));
        }
    }
}
