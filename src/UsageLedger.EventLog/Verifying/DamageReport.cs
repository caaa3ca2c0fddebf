namespace UsageLedger.EventLog.Verifying;

/// <summary>Gathers what is damaged, listing a bounded number and counting all.</summary>
internal sealed class DamageReport
{
    public const int ListedMax = 10_000;

    private readonly List<Damage> listed = [];

    public long Total { get; private set; }

    /// <summary>How many events are not what was appended.</summary>
    public long DamagedRows { get; private set; }

    public IReadOnlyList<Damage> Listed => listed;

    public void Add(long position, DamageKind kind, string detail)
    {
        Total++;
        DamagedRows += kind is DamageKind.EntryChanged or DamageKind.Missing or DamageKind.Swapped ? 1 : 0;
        if (listed.Count < ListedMax)
        {
            listed.Add(new Damage(position, kind, detail));
        }
    }
}
