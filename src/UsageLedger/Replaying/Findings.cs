using System.Globalization;
using UsageLedger.EventLog;

namespace UsageLedger.Replaying;

/// <summary>Gathers what an audit compared and what differed; it counts all and lists the first.</summary>
internal sealed class Findings
{
    private readonly List<AuditDifference> listed = [];
    private readonly List<string> comparedWith = [];

    public long Total { get; private set; }

    public IReadOnlyList<AuditDifference> Listed => listed;

    public IReadOnlyList<string> ComparedWith => comparedWith;

    public void Compare(string with, IEnumerable<AuditDifference> differences)
    {
        comparedWith.Add(with);
        AddAll(differences);
    }

    public void AddAll(IEnumerable<AuditDifference> differences)
    {
        foreach (var difference in differences)
        {
            Add(difference);
        }
    }

    /// <summary>Versions of a stream are dense; the version that the next event must follow.</summary>
    public long Follow(StoredEvent stored, long version)
    {
        if (stored.Version != version + 1)
        {
            Add(new(AuditDifference.EventMissing, $"{stored.Stream}, before position {Text(stored.Position)}", $"version {Text(version + 1)}", $"version {Text(stored.Version)}"));
        }

        return stored.Version;
    }

    public void Leaf(StoredEvent stored, bool holds)
    {
        if (!holds)
        {
            Add(new(AuditDifference.EventChanged, $"position {Text(stored.Position)}", "another leaf", Convert.ToHexStringLower(LeafCheck.Leaf(stored))));
        }
    }

    private void Add(AuditDifference difference)
    {
        Total++;
        if (listed.Count < CycleAudit.DifferencesMax)
        {
            listed.Add(difference);
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
