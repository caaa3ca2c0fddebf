using System.Text.Json;
using UsageLedger.Recording;

namespace UsageLedger.Answering;

/// <summary>
/// The members of a JSON object, each asked for by name and rule. What breaks a rule is noted with its pointer, and reads as absent;
/// so does what nobody asked for. <see cref="Problem"/> tells it all at the end.
/// </summary>
public sealed partial class CommandFields
{
    private readonly JsonElement root;
    private readonly string pointer;
    private readonly HashSet<string> asked = new(StringComparer.Ordinal);
    private readonly List<CommandFields> children = [];
    private readonly List<FieldProblem> problems;

    internal CommandFields(JsonElement root)
        : this(root, "", [])
    {
    }

    private CommandFields(JsonElement root, string pointer, List<FieldProblem> problems) =>
        (this.root, this.pointer, this.problems) = (root, pointer, problems);

    /// <summary>Whether the member is there, and not null.</summary>
    public bool Has(string name) => Find(name) is not null;

    public string? Text(string name, int max = 255) => Text(name, text => TextRules.Broken(text, max));

    public string RequiredText(string name, int max = 255) => Required(name) ? Text(name, max) ?? "" : "";

    /// <summary>A text that sits in URLs and stream names.</summary>
    public string? Id(string name) => Text(name, TextRules.BrokenId);

    public string RequiredId(string name) => Required(name) ? Id(name) ?? "" : "";

    /// <summary>One of these words, as they are written.</summary>
    public string? OneOf(string name, params string[] words) =>
        Text(name, text => words.Contains(text) ? null : ("unknown_word", $"must be one of {string.Join(", ", words)}"));

    /// <summary>A flat object of strings.</summary>
    public IReadOnlyDictionary<string, string> Texts(string name, int countMax, int valueMax)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Child(name) is not { } child)
        {
            return texts;
        }

        foreach (var member in child.root.EnumerateObject().Take(countMax))
        {
            texts[member.Name] = child.RequiredText(member.Name, valueMax);
        }

        if (child.root.GetPropertyCount() > countMax)
        {
            Refuse(name, "too_many", $"must not hold more than {countMax} members");
            child.asked.UnionWith(child.root.EnumerateObject().Select(member => member.Name));
        }

        return texts;
    }

    public CommandFields? Child(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            return Adopt(value, JsonPointer.Member(pointer, name));
        }

        Refuse(name, Refusals.WrongType, "must be an object");
        return null;
    }

    /// <summary>An array of objects.</summary>
    public IReadOnlyList<CommandFields> Children(string name, int countMax)
    {
        if (Find(name) is not { } value)
        {
            return [];
        }

        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.Object))
        {
            Refuse(name, Refusals.WrongType, "must be an array of objects");
            return [];
        }

        if (value.GetArrayLength() > countMax)
        {
            Refuse(name, "too_many", $"must not hold more than {countMax} items");
            return [];
        }

        var pointer = JsonPointer.Member(this.pointer, name);
        return [.. value.EnumerateArray().Select((item, index) => Adopt(item, pointer + JsonPointer.Item(index)))];
    }

    /// <summary>Notes that a member breaks a rule of the command's own.</summary>
    /// <param name="rule">Goes on after the member's name: <c>must be ...</c>.</param>
    public void Refuse(string name, string code, string rule)
    {
        if (problems.Count < Answering.Problem.ErrorsMax)
        {
            problems.Add(new FieldProblem(JsonPointer.Member(pointer, name), code, $"{name} {rule}."));
        }
    }

    /// <summary>Why the body is refused (422), or null. Ask when every member has been asked for.</summary>
    public Problem? Problem()
    {
        IReadOnlyList<FieldProblem> all = [.. problems.Concat(Unknown()).Take(Answering.Problem.ErrorsMax)];
        return all.Count == 0 ? null : Answering.Problem.Refused(all);
    }

    private IEnumerable<FieldProblem> Unknown() =>
        root.EnumerateObject()
            .Where(member => !asked.Contains(member.Name))
            .Select(member => new FieldProblem(
                JsonPointer.Member(pointer, member.Name), Refusals.UnknownMember, Meant(member.Name)))
            .Concat(children.SelectMany(child => child.Unknown()));

    private string Meant(string name) =>
        asked.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } meant
            ? $"There is no such member; names are case-sensitive: send {meant}."
            : "There is no such member.";

    /// <summary>The member, or null if it is absent or null, which are the same.</summary>
    private JsonElement? Find(string name)
    {
        asked.Add(name);
        return root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    private bool Required(string name)
    {
        if (Find(name) is not null)
        {
            return true;
        }

        Refuse(name, Refusals.MissingMember, "is missing");
        return false;
    }

    private string? Text(string name, Func<string, (string Code, string Message)?> broken)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            Refuse(name, Refusals.WrongType, "must be a string");
            return null;
        }

        var text = value.GetString()!;
        if (broken(text) is not { } rule)
        {
            return text;
        }

        Refuse(name, rule.Code, rule.Message);
        return null;
    }

    private CommandFields Adopt(JsonElement value, string pointer)
    {
        var child = new CommandFields(value, pointer, problems);
        children.Add(child);
        return child;
    }
}
