using System.Text;
using System.Text.Json;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Recording.CloudEvents;

/// <summary>Reads an event's data: the members that usage has, and all others as attributes.</summary>
internal static class EventData
{
    private const string Parent = "/data";

    /// <summary>Reads the value at the reader. The problem of a name that stands twice in it, or null.</summary>
    public static FieldProblem? Read(ref Utf8JsonReader json, ReadOnlySpan<byte> body, UsageDraft draft)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            return Keep("", "data", ref json, body, draft, asJson: true);
        }

        FieldProblem? twice = null;
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var member = UsageMembers.Find(ref json);
            var name = JsonText.Read(ref json);
            if (name is not null && !names.Add(name))
            {
                twice ??= JsonText.NamedTwice(draft.Pointer + Parent, name);
            }

            json.Read();
            if (name is null)
            {
                draft.Refuse(Parent, Refusals.InvalidUnicode, "A name in data holds half of a surrogate pair.");
                JsonText.Skip(ref json);
            }
            else if (IsUsage(member))
            {
                draft.Give(member);
                twice ??= UsageMemberReader.Read(member, ref json, draft);
            }
            else
            {
                twice ??= Keep(Parent, name, ref json, body, draft, asJson: false);
            }
        }

        return twice;
    }

    private static bool IsUsage(UsageMember member) => member is
        UsageMember.Quantity or UsageMember.Unit or UsageMember.UnitCost or UsageMember.Cost or UsageMember.Currency
        or UsageMember.Provider or UsageMember.AgentId or UsageMember.ResourceId or UsageMember.Revision;

    /// <summary>Keeps the value at the reader as an attribute: a scalar by its text, all else as compact JSON.</summary>
    private static FieldProblem? Keep(
        string parent, string name, ref Utf8JsonReader json, ReadOnlySpan<byte> body, UsageDraft draft, bool asJson)
    {
        string? text;
        FieldProblem? twice = null;
        if (asJson || json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            var start = (int)json.TokenStartIndex;
            twice = JsonText.Skip(ref json) is { } within ? JsonText.NamedTwice(JsonPointer.Member(draft.Pointer + parent, name), within) : null;
            text = twice is null ? Compact(body[start..(int)json.BytesConsumed]) : "";
        }
        else
        {
            text = json.TokenType == JsonTokenType.String ? JsonText.Read(ref json) : Encoding.UTF8.GetString(json.ValueSpan);
        }

        if (text is null)
        {
            draft.Refuse(JsonPointer.Member(parent, name), Refusals.InvalidUnicode, "A text in data holds half of a surrogate pair.");
        }
        else
        {
            draft.Attribute(parent, name, text);
        }

        return twice;
    }

    private static string? Compact(ReadOnlySpan<byte> json)
    {
        try
        {
            return CanonicalJsonReader.Canonicalise(json).ToString();
        }
        catch (CanonicalJsonException)
        {
            // It is JSON, and no name stands twice in it: what remains is half of a surrogate pair.
            return null;
        }
    }
}
