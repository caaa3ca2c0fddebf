using System.Globalization;
using UsageLedger.EventLog;

namespace UsageLedger.Replaying;

/// <summary>Gathers what an audit compared and what differed; it counts all and lists the first.</summary>
internal sealed class Findings
{
    /// <summary>Beyond, an event that is read for several reasons may be counted for each.</summary>
    private const int ChangedMax = 1_000_000;

    private readonly HashSet<(string Kind, long Position)> told = [];
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

    public void Add(AuditDifference difference)
    {
        Total++;
        if (listed.Count < CycleAudit.DifferencesMax)
        {
            listed.Add(difference);
        }
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

    /// <summary>Of a stream that was read to its end.</summary>
    /// <param name="version">Of the last event.</param>
    /// <param name="appended">The version that the stream came to, or an earlier one.</param>
    public void End(string stream, long version, long appended)
    {
        if (version < appended)
        {
            Add(new(AuditDifference.EventMissing, $"{stream}, at its end", $"version {Text(version + 1)}", null));
        }
    }

    public void Leaf(StoredEvent stored, bool holds)
    {
        if (!holds && IsNew(AuditDifference.EventChanged, stored))
        {
            Add(new(AuditDifference.EventChanged, $"position {Text(stored.Position)}", "another leaf", Convert.ToHexStringLower(LeafCheck.Leaf(stored))));
        }
    }

    public void Unreadable(StoredEvent stored)
    {
        if (IsNew(AuditDifference.EventUnreadable, stored))
        {
            Add(new(AuditDifference.EventUnreadable, $"position {Text(stored.Position)}", stored.Type, "what cannot be read as one"));
        }
    }

    /// <summary>One event may be read for several reasons.</summary>
    private bool IsNew(string kind, StoredEvent stored) => told.Count >= ChangedMax || told.Add((kind, stored.Position));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
