namespace UsageLedger.IntegrationSpecs.Crash;

/// <summary>What one host was asked for a while, and how it bore it.</summary>
internal sealed record LoadFigures(string Suite, int Seed)
{
    public double Seconds { get; set; }

    public int Records { get; set; }

    public int RecordsPerSecond { get; set; }

    public int SinglePosts { get; set; }

    public double SinglePostsP50Ms { get; set; }

    public double SinglePostsP99Ms { get; set; }

    public int Reads { get; set; }

    public int CollectedRecords { get; set; }

    public long HostPeakMb { get; set; }

    /// <summary>The median of the last quarter of the time beside that of the second.</summary>
    public long HostGrowthMb { get; set; }

    public long WorstLagEvents { get; set; }

    public double CaughtUpSeconds { get; set; }

    /// <summary>Posts while the log's head was held elsewhere, how often one of them was refused to be sent again, and how often one had no answer.</summary>
    public int OverloadPosts { get; set; }

    public int OverloadRefused { get; set; }

    public int OverloadUnanswered { get; set; }

    public long Lost { get; set; }

    public long Doubled { get; set; }

    public long Gaps { get; set; }

    public long DifferingRows { get; set; }

    public bool Whole { get; set; }
}
