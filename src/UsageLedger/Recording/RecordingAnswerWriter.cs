using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using UsageLedger.Answering;

namespace UsageLedger.Recording;

/// <summary>Writes recording answers as JSON; one that nothing was recorded by is a problem (RFC 9457) with the answer's members in it.</summary>
public static class RecordingAnswerWriter
{
    /// <summary>A problem's own list is for a glance; every item has its problems in full.</summary>
    private const int ErrorsMax = Problem.ErrorsMax;

    // The answer is JSON and nothing else: no markup surrounds it that quotes could break.
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true
    };

    private static readonly JsonEncodedText Accepted = JsonEncodedText.Encode("accepted");
    private static readonly JsonEncodedText Code = JsonEncodedText.Encode("code");
    private static readonly JsonEncodedText Errors = JsonEncodedText.Encode("errors");
    private static readonly JsonEncodedText EventId = JsonEncodedText.Encode("eventId");
    private static readonly JsonEncodedText Index = JsonEncodedText.Encode("index");
    private static readonly JsonEncodedText Message = JsonEncodedText.Encode("message");
    private static readonly JsonEncodedText Position = JsonEncodedText.Encode("position");
    private static readonly JsonEncodedText Revised = JsonEncodedText.Encode("revised");
    private static readonly JsonEncodedText Status = JsonEncodedText.Encode("status");

    private static readonly JsonEncodedText[] StatusWords =
        [.. new[] { "accepted", "duplicate", "revised", "conflict", "rejected" }.Select(word => JsonEncodedText.Encode(word))];

    public static string ContentType(RecordingAnswer answer) => answer.Status == 200 ? "application/json" : "application/problem+json";

    /// <param name="onlyProblems">Leaves out the items that were recorded; the counts are still of all.</param>
    /// <param name="traceId">Told in problems.</param>
    public static void Write(RecordingAnswer answer, bool onlyProblems, string traceId, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, Options);
        json.WriteStartObject();
        if (answer.Status != 200)
        {
            WriteProblem(answer, traceId, json);
        }

        json.WriteNumber(Accepted, answer.Accepted);
        json.WriteNumber("duplicates"u8, answer.Duplicates);
        json.WriteNumber(Revised, answer.Revised);
        json.WriteNumber("conflicts"u8, answer.Conflicts);
        json.WriteNumber("rejected"u8, answer.Rejected);
        json.WriteNumber(Position, answer.Position);
        json.WriteStartArray("items"u8);
        foreach (var item in answer.Items)
        {
            if (!onlyProblems || item.Code is not null)
            {
                WriteItem(item, json);
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteItem(RecordedItem item, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber(Index, item.Index);
        json.WriteString(Status, StatusWords[(int)item.Status]);
        if (item.UsageId is { } usage)
        {
            json.WriteString(EventId, usage);
            json.WriteNumber(Position, item.Position);
        }

        if (item.Code is not null)
        {
            json.WriteString(Code, item.Code);
            json.WriteString(Message, item.Message);
        }

        if (item.Problems.Count > 0)
        {
            json.WriteStartArray(Errors);
            WriteErrors(item.Problems, ErrorsMax, json);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteProblem(RecordingAnswer answer, string traceId, Utf8JsonWriter json)
    {
        json.WriteString("type"u8, "about:blank"u8);
        json.WriteString("title"u8, answer.Status == 409 ? "Conflict" : "Unprocessable Content");
        json.WriteNumber(Status, answer.Status);
        json.WriteString("detail"u8, "Nothing was recorded; each item says why.");
        json.WriteString(Code, answer.Items.All(item => item.Code == answer.Items[0].Code) ? answer.Items[0].Code : Refusals.RecordsRefused);
        json.WriteString("traceId"u8, traceId);
        json.WriteStartArray(Errors);
        var left = ErrorsMax;
        for (var index = 0; index < answer.Items.Count && left > 0; index++)
        {
            left -= WriteErrors(answer.Items[index].Problems, left, json);
        }

        json.WriteEndArray();
    }

    private static int WriteErrors(IReadOnlyList<FieldProblem> problems, int most, Utf8JsonWriter json)
    {
        var count = Math.Min(problems.Count, most);
        for (var index = 0; index < count; index++)
        {
            json.WriteStartObject();
            json.WriteString("pointer"u8, problems[index].At);
            json.WriteString(Message, problems[index].Message);
            json.WriteString(Code, problems[index].Code);
            json.WriteEndObject();
        }

        return count;
    }
}
