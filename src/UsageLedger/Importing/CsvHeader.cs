using System.Text;
using UsageLedger.Recording;

namespace UsageLedger.Importing;

/// <summary>What the columns of a CSV file hold. A column of unknown name refuses the file, so that a typo never loses cost.</summary>
internal sealed class CsvHeader
{
    private const string AttributePrefix = "attributes.";

    private static readonly UsageMember[] Required =
        [UsageMember.IdempotencyKey, UsageMember.Provider, UsageMember.Metric, UsageMember.Quantity, UsageMember.Unit, UsageMember.OccurredAt];

    private readonly UsageMember[] members;
    private readonly string[] names;

    private CsvHeader(UsageMember[] members, string[] names) => (this.members, this.names) = (members, names);

    public int Count => members.Length;

    /// <summary>The member in a column; <see cref="UsageMember.Attributes"/> stands for the attribute that <see cref="Name"/> names.</summary>
    public UsageMember Member(int column) => members[column];

    public string Name(int column) => names[column];

    /// <summary>The header that a row holds, or what is wrong with it.</summary>
    public static (CsvHeader? Header, IReadOnlyList<FieldProblem> Problems) Read(IReadOnlyList<string> cells)
    {
        var names = cells.ToArray();
        var members = names.Select(Find).ToArray();
        var problems = new List<FieldProblem>();
        for (var column = 0; column < names.Length; column++)
        {
            if (members[column] == UsageMember.Unknown)
            {
                var hint = UsageMembers.Meant(names[column]) is { } meant and not "attributes"
                    ? $"names are case-sensitive: name it {meant}."
                    : $"name it {AttributePrefix}NAME to keep it as an attribute, or remove it.";
                problems.Add(Problem(names[column], $"A usage record has no such member; {hint}"));
            }
            else if (Array.IndexOf(names, names[column]) < column)
            {
                problems.Add(Problem(names[column], "Two columns have this name; remove one."));
            }
        }

        problems.AddRange(Required.Where(member => !members.Contains(member)).Select(member => Problem(member.Name(), "A column of this name is required.")));
        if (problems.Count > 0)
        {
            return (null, problems);
        }

        var attributes = names.Select(name => name.StartsWith(AttributePrefix, StringComparison.Ordinal) ? name[AttributePrefix.Length..] : name);
        return (new CsvHeader(members, [.. attributes]), []);
    }

    private static FieldProblem Problem(string name, string message) =>
        new(JsonPointer.Member("", name), Refusals.InvalidHeader, message);

    private static UsageMember Find(string name)
    {
        var member = UsageMembers.Find(Encoding.UTF8.GetBytes(name));
        return name.Length > AttributePrefix.Length && name.StartsWith(AttributePrefix, StringComparison.Ordinal) ? UsageMember.Attributes
            : member == UsageMember.Attributes ? UsageMember.Unknown
            : member;
    }
}
