using System.Text;
using System.Text.Json;

namespace UsageLedger.Recording;

/// <summary>Reads the attributes of one record after another into a draft.</summary>
internal sealed class AttributesReader
{
    private static readonly string Parent = UsageMembers.Pointers[(int)UsageMember.Attributes];

    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private readonly List<string> lastNames = [];

    /// <summary>Reads the object at the reader. The problem of a name that stands twice in it, or null.</summary>
    public FieldProblem? Read(ref Utf8JsonReader json, UsageDraft draft)
    {
        names.Clear();
        FieldProblem? twice = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = Name(ref json);
            if (name is not null && !names.Add(name))
            {
                twice ??= JsonText.NamedTwice(draft.Pointer + Parent, name);
            }

            json.Read();
            var value = json.TokenType == JsonTokenType.String ? JsonText.Read(ref json) : null;
            if (name is not null && value is not null)
            {
                draft.Attribute(Parent, name, value);
                continue;
            }

            var (code, message) = json.TokenType == JsonTokenType.String
                ? (Refusals.InvalidUnicode, "An attribute holds half of a surrogate pair.")
                : (Refusals.WrongType, "An attribute's value must be a string.");
            var pointer = JsonPointer.Member(Parent, name ?? "");
            draft.Refuse(pointer, code, message);
            twice ??= JsonText.Skip(ref json) is { } within ? JsonText.NamedTwice(draft.Pointer + pointer, within) : null;
        }

        return twice;
    }

    /// <summary>Records of one source mostly name the same attributes in the same order: each name is kept once.</summary>
    private string? Name(ref Utf8JsonReader json)
    {
        var place = names.Count;
        if (place < lastNames.Count && !json.ValueIsEscaped && Ascii.Equals(json.ValueSpan, lastNames[place]))
        {
            return lastNames[place];
        }

        var name = JsonText.Read(ref json);
        if (name is { Length: <= TextRules.AttributeNameMax } && place <= lastNames.Count && place < TextRules.AttributesMax)
        {
            lastNames.RemoveRange(place, lastNames.Count - place);
            lastNames.Add(name);
        }

        return name;
    }
}
