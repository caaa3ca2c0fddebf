using System.Text;
using System.Text.Json;
using NodaTime;

namespace UsageLedger.Recording;

/// <summary>Reads usage records out of JSON, one after another.</summary>
/// <param name="now">When they arrived.</param>
internal sealed class UsageRecordReader(Instant now, UsageDefaults defaults)
{
    private const int EscapedNameMax = 96;

    private readonly UsageDraft _draft = new(now, defaults, UsageMembers.Pointers);
    private readonly HashSet<string> _unknownNames = new(StringComparer.Ordinal);
    private readonly HashSet<string> _attributeNames = new(StringComparer.Ordinal);
    private readonly List<string> _lastAttributeNames = [];

    /// <summary>Set when an object held one name twice: then nobody can say what the body means.</summary>
    public FieldProblem? NamedTwice { get; private set; }

    /// <summary>Reads the value at the reader, and moves to its end.</summary>
    /// <param name="index">The place in the body; negative if the record is the whole body.</param>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public ParsedUsage Read(ref Utf8JsonReader json, int index)
    {
        NamedTwice = null;
        if (json.TokenType != JsonTokenType.StartObject)
        {
            Unique(JsonText.Skip(ref json), JsonPointer.Item(index));
            return ParsedUsage.Refused(
                new FieldProblem(JsonPointer.Item(index), Refusals.NotAnObject, "A usage record must be a JSON object."));
        }

        _draft.Begin(index);
        _unknownNames.Clear();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var member = Find(ref json);
            if (member == UsageMember.Unknown)
            {
                Unknown(ref json);
                continue;
            }

            if (!_draft.Give(member))
            {
                Unique(member.Name(), _draft.Pointer);
            }

            json.Read();
            Value(member, ref json);
        }

        return _draft.End();
    }

    private static UsageMember Find(ref Utf8JsonReader json)
    {
        if (!json.ValueIsEscaped)
        {
            return UsageMembers.Find(json.ValueSpan);
        }

        return json.ValueSpan.Length <= EscapedNameMax && JsonText.Read(ref json) is { } name
            ? UsageMembers.Find(Encoding.UTF8.GetBytes(name))
            : UsageMember.Unknown;
    }

    private void Unknown(ref Utf8JsonReader json)
    {
        var name = JsonText.Read(ref json);
        if (name is null)
        {
            _draft.Refuse("", Refusals.InvalidUnicode, "A member's name holds half of a surrogate pair.");
        }
        else
        {
            Unique(_unknownNames.Add(name) ? null : name, _draft.Pointer);
            var hint = UsageMembers.Meant(name) is { } meant ? $"names are case-sensitive: send {meant}." : "put it in attributes.";
            _draft.Refuse(JsonPointer.Member("", name), Refusals.UnknownMember, "A usage record has no such member; " + hint);
        }

        json.Read();
        Unique(JsonText.Skip(ref json), JsonPointer.Member(_draft.Pointer, name ?? ""));
    }

    private void Value(UsageMember member, ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Null)
        {
            _draft.Withdraw(member);
        }
        else if (member < UsageMember.Quantity)
        {
            Text(member, ref json);
        }
        else if (member < UsageMember.OccurredAt)
        {
            Number(member, ref json);
        }
        else if (member == UsageMember.OccurredAt && json.TokenType == JsonTokenType.String)
        {
            _draft.Time(Plain(ref json));
        }
        else if (member == UsageMember.Attributes && json.TokenType == JsonTokenType.StartObject)
        {
            Attributes(ref json);
        }
        else if (member == UsageMember.Revision && json.TokenType is JsonTokenType.True or JsonTokenType.False)
        {
            _draft.Revise(json.TokenType == JsonTokenType.True);
        }
        else
        {
            WrongType(member, ref json);
        }
    }

    private void Text(UsageMember member, ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.String)
        {
            WrongType(member, ref json);
        }
        else if (!json.ValueIsEscaped)
        {
            _draft.Text(member, json.ValueSpan);
        }
        else if (JsonText.Read(ref json) is { } text)
        {
            _draft.Text(member, text);
        }
        else
        {
            _draft.Refuse(member, (Refusals.InvalidUnicode, "holds half of a surrogate pair"));
        }
    }

    private void Number(UsageMember member, ref Utf8JsonReader json)
    {
        if (json.TokenType is JsonTokenType.Number or JsonTokenType.String)
        {
            _draft.Number(member, Plain(ref json));
        }
        else
        {
            WrongType(member, ref json);
        }
    }

    private static ReadOnlySpan<byte> Plain(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.String && json.ValueIsEscaped
            ? Encoding.UTF8.GetBytes(JsonText.Read(ref json) ?? "")
            : json.ValueSpan;

    private void Attributes(ref Utf8JsonReader json)
    {
        _attributeNames.Clear();
        var parent = UsageMembers.Pointers[(int)UsageMember.Attributes];
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = AttributeName(ref json);
            Unique(name is null || _attributeNames.Add(name) ? null : name, _draft.Pointer + parent);
            json.Read();
            var value = json.TokenType == JsonTokenType.String ? JsonText.Read(ref json) : null;
            if (name is not null && value is not null)
            {
                _draft.Attribute(parent, name, value);
                continue;
            }

            var (code, message) = json.TokenType == JsonTokenType.String
                ? (Refusals.InvalidUnicode, "An attribute holds half of a surrogate pair.")
                : (Refusals.WrongType, "An attribute's value must be a string.");
            _draft.Refuse(JsonPointer.Member(parent, name ?? ""), code, message);
            Unique(JsonText.Skip(ref json), JsonPointer.Member(_draft.Pointer + parent, name ?? ""));
        }
    }

    /// <summary>Records of one source mostly name the same attributes in the same order: each name is kept once.</summary>
    private string? AttributeName(ref Utf8JsonReader json)
    {
        var place = _attributeNames.Count;
        if (place < _lastAttributeNames.Count && !json.ValueIsEscaped && Ascii.Equals(json.ValueSpan, _lastAttributeNames[place]))
        {
            return _lastAttributeNames[place];
        }

        var name = JsonText.Read(ref json);
        if (name is not null && place < TextRules.AttributesMax && name.Length <= TextRules.AttributeNameMax)
        {
            _lastAttributeNames.RemoveRange(Math.Min(place, _lastAttributeNames.Count), Math.Max(_lastAttributeNames.Count - place, 0));
            _lastAttributeNames.Add(name);
        }

        return name;
    }

    private void WrongType(UsageMember member, ref Utf8JsonReader json)
    {
        var wanted = member switch
        {
            UsageMember.Quantity or UsageMember.UnitCost or UsageMember.Cost => "a number, or a string that holds one",
            UsageMember.Attributes => "an object of strings",
            UsageMember.Revision => "true or false",
            _ => "a string"
        };
        _draft.Refuse(member, (Refusals.WrongType, "must be " + wanted));
        Unique(JsonText.Skip(ref json), _draft.Pointer + UsageMembers.Pointers[(int)member]);
    }

    private void Unique(string? twice, string parent)
    {
        if (twice is not null)
        {
            NamedTwice ??= new FieldProblem(
                JsonPointer.Member(parent, twice), Refusals.DuplicateName, "The same name stands twice in one object; send it once.");
        }
    }
}
