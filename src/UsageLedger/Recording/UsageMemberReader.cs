using System.Text;
using System.Text.Json;

namespace UsageLedger.Recording;

/// <summary>Reads the value of one member of a usage record, but for attributes, into a draft.</summary>
internal static class UsageMemberReader
{
    /// <summary>Reads the value at the reader. The problem of a name that stands twice in it, or null.</summary>
    public static FieldProblem? Read(UsageMember member, ref Utf8JsonReader json, UsageDraft draft)
    {
        if (json.TokenType == JsonTokenType.Null)
        {
            draft.Withdraw(member);
        }
        else if (member < UsageMember.Quantity && json.TokenType == JsonTokenType.String)
        {
            Text(member, ref json, draft);
        }
        else if (member is UsageMember.Quantity or UsageMember.UnitCost or UsageMember.Cost
            && json.TokenType is JsonTokenType.Number or JsonTokenType.String)
        {
            draft.Number(member, Plain(ref json));
        }
        else if (member == UsageMember.OccurredAt && json.TokenType == JsonTokenType.String)
        {
            draft.Time(Plain(ref json));
        }
        else if (member == UsageMember.Revision && json.TokenType is JsonTokenType.True or JsonTokenType.False)
        {
            draft.Revise(json.TokenType == JsonTokenType.True);
        }
        else
        {
            return WrongType(member, ref json, draft);
        }

        return null;
    }

    private static void Text(UsageMember member, ref Utf8JsonReader json, UsageDraft draft)
    {
        if (!json.ValueIsEscaped)
        {
            draft.Text(member, json.ValueSpan);
        }
        else if (JsonText.Read(ref json) is { } text)
        {
            draft.Text(member, text);
        }
        else
        {
            draft.Refuse(member, (Refusals.InvalidUnicode, "holds half of a surrogate pair"));
        }
    }

    private static ReadOnlySpan<byte> Plain(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.String && json.ValueIsEscaped
            ? Encoding.UTF8.GetBytes(JsonText.Read(ref json) ?? "")
            : json.ValueSpan;

    private static FieldProblem? WrongType(UsageMember member, ref Utf8JsonReader json, UsageDraft draft)
    {
        var wanted = member switch
        {
            UsageMember.Quantity or UsageMember.UnitCost or UsageMember.Cost => "a number, or a string that holds one",
            UsageMember.Attributes => "an object of strings",
            UsageMember.Revision => "true or false",
            _ => "a string"
        };
        draft.Refuse(member, (Refusals.WrongType, "must be " + wanted));
        return JsonText.Skip(ref json) is { } twice ? JsonText.NamedTwice(draft.PointerOf(member), twice) : null;
    }
}
