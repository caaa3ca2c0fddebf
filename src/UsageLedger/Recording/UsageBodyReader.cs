using System.Text.Json;
using NodaTime;

namespace UsageLedger.Recording;

/// <summary>Reads the bodies of <c>POST /v1/usage</c>.</summary>
public static class UsageBodyReader
{
    /// <summary>One record, or an array of records.</summary>
    /// <param name="now">When the body arrived.</param>
    public static UsageBody ReadJson(ReadOnlySpan<byte> body, Instant now)
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
            var reader = new UsageRecordReader(now, UsageDefaults.Api);
            return json.TokenType switch
            {
                JsonTokenType.StartObject => ReadOne(ref json, reader),
                JsonTokenType.StartArray => ReadArray(ref json, reader),
                _ => UsageBody.Refused(new FieldProblem("", Refusals.NotAnObject, "The body must be a usage record or an array of them."))
            };
        }
        catch (JsonException malformed)
        {
            return UsageBody.Refused(JsonBody.Malformed("", malformed));
        }
    }

    /// <summary>A record a line. A line that is not JSON is refused by itself; blank lines are skipped and not counted.</summary>
    /// <param name="now">When the body arrived.</param>
    public static UsageBody ReadLines(ReadOnlySpan<byte> body, Instant now)
    {
        body = JsonBody.WithoutMark(body);
        if (JsonBody.Unreadable(body) is { } refusal)
        {
            return refusal;
        }

        var reader = new UsageLineReader(now, UsageDefaults.Api);
        var items = new List<ParsedUsage>();
        while (!body.IsEmpty)
        {
            var end = body.IndexOf((byte)'\n');
            var line = end < 0 ? body : body[..end];
            body = end < 0 ? default : body[(end + 1)..];
            if (UsageLineReader.IsBlank(line))
            {
                continue;
            }

            if (items.Count == UsageBody.RecordsMax)
            {
                return UsageBody.TooMany();
            }

            items.Add(reader.Read(line, items.Count));
        }

        return new UsageBody(items);
    }

    private static UsageBody ReadOne(ref Utf8JsonReader json, UsageRecordReader reader)
    {
        var item = reader.Read(ref json, -1);
        JsonBody.End(ref json);
        return reader.NamedTwice is { } twice ? UsageBody.Refused(twice) : new UsageBody([item]);
    }

    private static UsageBody ReadArray(ref Utf8JsonReader json, UsageRecordReader reader)
    {
        var items = new List<ParsedUsage>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (items.Count == UsageBody.RecordsMax)
            {
                return UsageBody.TooMany();
            }

            items.Add(reader.Read(ref json, items.Count));
            if (reader.NamedTwice is { } twice)
            {
                return UsageBody.Refused(twice);
            }
        }

        JsonBody.End(ref json);
        return new UsageBody(items);
    }
}
