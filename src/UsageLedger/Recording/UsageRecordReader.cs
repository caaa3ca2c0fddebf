using System.Text.Json;
using NodaTime;

namespace UsageLedger.Recording;

/// <summary>Reads usage records out of JSON, one after another.</summary>
/// <param name="now">When they arrived.</param>
internal sealed class UsageRecordReader(Instant now, UsageDefaults defaults)
{
    private readonly UsageDraft draft = new(now, defaults, UsageMembers.Pointers);
    private readonly HashSet<string> unknownNames = new(StringComparer.Ordinal);
    private readonly AttributesReader attributes = new();

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

        draft.Begin(index);
        unknownNames.Clear();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var member = UsageMembers.Find(ref json);
            if (member == UsageMember.Unknown)
            {
                Unknown(ref json);
                continue;
            }

            if (!draft.Give(member))
            {
                Unique(member.Name(), draft.Pointer);
            }

            json.Read();
            Unique(member == UsageMember.Attributes && json.TokenType == JsonTokenType.StartObject
                ? attributes.Read(ref json, draft)
                : UsageMemberReader.Read(member, ref json, draft));
        }

        return draft.End();
    }

    private void Unknown(ref Utf8JsonReader json)
    {
        var name = JsonText.Read(ref json);
        if (name is null)
        {
            draft.Refuse("", Refusals.InvalidUnicode, "A member's name holds half of a surrogate pair.");
        }
        else
        {
            Unique(unknownNames.Add(name) ? null : name, draft.Pointer);
            var hint = UsageMembers.Meant(name) is { } meant ? $"names are case-sensitive: send {meant}." : "put it in attributes.";
            draft.Refuse(JsonPointer.Member("", name), Refusals.UnknownMember, "A usage record has no such member; " + hint);
        }

        json.Read();
        Unique(JsonText.Skip(ref json), JsonPointer.Member(draft.Pointer, name ?? ""));
    }

    private void Unique(string? twice, string parent) => Unique(twice is null ? null : JsonText.NamedTwice(parent, twice));

    private void Unique(FieldProblem? twice) => NamedTwice ??= twice;
}
