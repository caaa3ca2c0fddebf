namespace UsageLedger.IntegrationSpecs.Crash;

/// <summary>What a fault suite did and what came of it.</summary>
internal sealed record FaultFigures(string Suite, int Seed)
{
    /// <summary>Records that were sent, each several times.</summary>
    public int Records { get; set; }

    public long Sent { get; set; }

    /// <summary>Posts that were not acknowledged and had to be repeated.</summary>
    public int Repeats { get; set; }

    public int HostsKilled { get; set; }

    public int PostgresKilled { get; set; }

    public int SessionsEnded { get; set; }

    /// <summary>Of appenders that held the head of the log: stopped for a while, cut off, killed; and appends rolled back.</summary>
    public int Stalled { get; set; }

    public int CutOff { get; set; }

    public int KilledAtHead { get; set; }

    public int RolledBack { get; set; }

    public int OwnersKilled { get; set; }

    /// <summary>From the death of an owner until others own all of its projections and have brought them to where the log was.</summary>
    public double WorstTakeoverSeconds { get; set; }

    public int FailPoints { get; set; }

    public long Lost { get; set; }

    public long Doubled { get; set; }

    public long Gaps { get; set; }

    public long Skipped { get; set; }

    public long OutOfOrder { get; set; }

    public long DifferingRows { get; set; }

    public bool Whole { get; set; } = true;

    public double Seconds { get; set; }

    public void ShouldBeFlawless() =>
        (Lost, Doubled, Gaps, Skipped, OutOfOrder, DifferingRows, Whole).ShouldBe((0, 0, 0, 0, 0, 0, true), $"{this}");
}
