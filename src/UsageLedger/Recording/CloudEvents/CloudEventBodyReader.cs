using System.Text.Json;
using NodaTime;

namespace UsageLedger.Recording.CloudEvents;

/// <summary>Reads the bodies of <c>POST /v1/events</c>: CloudEvents 1.0 in structured mode. One bad envelope refuses the whole body.</summary>
public static class CloudEventBodyReader
{
    /// <summary>A body of <c>application/cloudevents+json</c>.</summary>
    /// <param name="now">When the body arrived.</param>
    public static UsageBody ReadEvent(ReadOnlySpan<byte> body, Instant now) => Read(body, now, batch: false);

    /// <summary>A body of <c>application/cloudevents-batch+json</c>.</summary>
    /// <param name="now">When the body arrived.</param>
    public static UsageBody ReadBatch(ReadOnlySpan<byte> body, Instant now) => Read(body, now, batch: true);

    private static UsageBody Read(ReadOnlySpan<byte> body, Instant now, bool batch)
    {
        body = JsonBody.WithoutMark(body);
        if (JsonBody.Unreadable(body) is { } refusal)
        {
            return refusal;
        }

        try
        {
            var json = new Utf8JsonReader(body);
            json.Read();
            var reader = new CloudEventReader(now);
            return batch ? ReadBatch(ref json, body, reader) : ReadEvent(ref json, body, reader);
        }
        catch (JsonException malformed)
        {
            return UsageBody.Refused(JsonBody.Malformed("", malformed));
        }
    }

    private static UsageBody ReadEvent(ref Utf8JsonReader json, ReadOnlySpan<byte> body, CloudEventReader reader)
    {
        var item = reader.Read(ref json, body, -1);
        JsonBody.End(ref json);
        return Refusal(reader) ?? new UsageBody([item]);
    }

    private static UsageBody ReadBatch(ref Utf8JsonReader json, ReadOnlySpan<byte> body, CloudEventReader reader)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            return UsageBody.Refused(new FieldProblem("", Refusals.InvalidEnvelope, "A batch must be an array of CloudEvents."));
        }

        var items = new List<ParsedUsage>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (items.Count == UsageBody.RecordsMax)
            {
                return UsageBody.TooMany();
            }

            items.Add(reader.Read(ref json, body, items.Count));
            if (reader.Problems.Count >= CloudEventReader.ProblemsMax || reader.NamedTwice is not null)
            {
                return Refusal(reader)!;
            }
        }

        JsonBody.End(ref json);
        return Refusal(reader) ?? new UsageBody(items);
    }

    private static UsageBody? Refusal(CloudEventReader reader) =>
        reader.NamedTwice is { } twice ? UsageBody.Refused(twice)
        : reader.Problems.Count == 0 ? null
        : UsageBody.Refused(Refusals.InvalidEnvelope, "This is not a valid CloudEvent; nothing was recorded.", [.. reader.Problems]);
}
