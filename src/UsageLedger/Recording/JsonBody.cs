using System.Text.Json;
using System.Text.Unicode;

namespace UsageLedger.Recording;

/// <summary>What holds for every JSON body before its members are looked at.</summary>
internal static class JsonBody
{
    private const int ReasonMax = 200;

    /// <summary>The body without the byte order mark that some editors put first.</summary>
    public static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> body)
    {
        var mark = "\uFEFF"u8;
        return body.StartsWith(mark) ? body[mark.Length..] : body;
    }

    /// <summary>Why nothing can be read from the body, or null.</summary>
    public static UsageBody? Unreadable(ReadOnlySpan<byte> body) =>
        body.IsEmpty ? UsageBody.Refused(new FieldProblem("", Refusals.EmptyBody, "The body is empty; send at least [].")) :
        Utf8.IsValid(body) ? null :
        UsageBody.Refused(new FieldProblem("", Refusals.InvalidUtf8, $"The body is not UTF-8: see byte {ValidBytes(body) + 1}."));

    /// <summary>Checks that nothing follows the value.</summary>
    /// <exception cref="JsonException">Something does.</exception>
    public static void End(ref Utf8JsonReader json) => json.Read();

    public static FieldProblem Malformed(string pointer, JsonException malformed)
    {
        var reason = malformed.Message.Split(" LineNumber:")[0];
        var place = $"line {malformed.LineNumber.GetValueOrDefault() + 1}, byte {malformed.BytePositionInLine.GetValueOrDefault() + 1}";
        return new FieldProblem(pointer, Refusals.InvalidJson, $"This is not JSON, see {place}: {reason[..Math.Min(reason.Length, ReasonMax)]}");
    }

    private static int ValidBytes(ReadOnlySpan<byte> body)
    {
        // Decoded piece by piece, so that a long body needs no text of its length.
        Span<char> piece = stackalloc char[512];
        var valid = 0;
        while (true)
        {
            var status = Utf8.ToUtf16(body[valid..], piece, out var read, out _, replaceInvalidSequences: false, isFinalBlock: true);
            valid += read;
            if (status != System.Buffers.OperationStatus.DestinationTooSmall)
            {
                return valid;
            }
        }
    }
}
