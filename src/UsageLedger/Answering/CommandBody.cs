using System.Text.Json;
using Microsoft.AspNetCore.Http;
using UsageLedger.Recording;

namespace UsageLedger.Answering;

/// <summary>Reads the JSON object that a command's body is.</summary>
/// <param name="Fields">Its members, to be asked for; empty if there is a problem.</param>
/// <param name="Problem">Why there is no object to ask: 400, 413 or 415.</param>
public sealed record CommandBody(CommandFields Fields, Problem? Problem)
{
    public const int BytesMax = 1024 * 1024;

    private static readonly IReadOnlyList<string> Json = ["application/json"];
    private static readonly JsonElement Nothing = JsonElement.Parse("{}");

    /// <param name="optional">No body is the same as <c>{}</c>.</param>
    public static async Task<CommandBody> ReadAsync(HttpRequest request, CancellationToken ct, bool optional = false)
    {
        using var body = await RequestBody.ReadAsync(request, BytesMax, Json, ct);
        return body.Problem is { } unread ? new CommandBody(new CommandFields(Nothing), unread)
            : body.Bytes.IsEmpty && optional ? new CommandBody(new CommandFields(Nothing), null)
            : Parse(body.Bytes.Span);
    }

    public static CommandBody Parse(ReadOnlySpan<byte> utf8)
    {
        var bytes = JsonBody.WithoutMark(utf8);
        if (JsonBody.Unreadable(bytes)?.Refusal is { } unreadable)
        {
            return Refused(unreadable.Problems[0]);
        }

        try
        {
            if (Ambiguity(bytes) is { } ambiguity)
            {
                return Refused(ambiguity);
            }

            var root = JsonElement.Parse(bytes);
            return root.ValueKind == JsonValueKind.Object
                ? new CommandBody(new CommandFields(root), null)
                : Refused(new FieldProblem("", Refusals.NotAnObject, "The body must be a JSON object."));
        }
        catch (JsonException malformed)
        {
            return Refused(JsonBody.Malformed("", malformed));
        }
    }

    private static CommandBody Refused(FieldProblem error) => new(new CommandFields(Nothing), Problem.BadRequest(error));

    /// <summary>What JSON can write but nobody can say the meaning of: a name given twice, half of a surrogate pair.</summary>
    private static FieldProblem? Ambiguity(ReadOnlySpan<byte> bytes)
    {
        var names = new Utf8JsonReader(bytes);
        names.Read();
        if (JsonText.Skip(ref names) is { } twice)
        {
            return new FieldProblem(JsonPointer.Member("", twice), Refusals.DuplicateName, "The same name stands twice in one object; send it once.");
        }

        var texts = new Utf8JsonReader(bytes);
        while (texts.Read())
        {
            if (texts.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && JsonText.Read(ref texts) is null)
            {
                return new FieldProblem("", Refusals.InvalidUnicode, "A text holds half of a surrogate pair.");
            }
        }

        return null;
    }
}
