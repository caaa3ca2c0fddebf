using System.Globalization;
using System.Text.Json.Serialization;
using UsageLedger.EventLog.Projecting;

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

    /// <summary>Of the rows that differ.</summary>
    [JsonIgnore]
    public List<string> Examples { get; } = [];

    [JsonIgnore]
    public string Told => string.Create(CultureInfo.InvariantCulture, $"""
        {Records:N0} records sent {Sent:N0} times, {Repeats:N0} posts repeated; {HostsKilled} hosts and {PostgresKilled} servers killed, all sessions ended {SessionsEnded} times;
          at the head {Stalled} stalled, {CutOff} cut off, {KilledAtHead} killed, {RolledBack} rolled back; {OwnersKilled} owners killed, taken over within {WorstTakeoverSeconds:0.00} s; {FailPoints} fail points;
          {Lost} lost, {Doubled} doubled, {Gaps} gaps, {Skipped} skipped, {OutOfOrder} out of order, {DifferingRows} rows differ, {(Whole ? "whole" : "NOT WHOLE")}; {Seconds:0} s
        """);

    public void Add(RebuildOutcome rebuilt)
    {
        DifferingRows += rebuilt.Differences;
        Examples.AddRange(rebuilt.Examples.Select(example => $"{example}"));
    }

    public void ShouldBeFlawless() =>
        (Lost, Doubled, Gaps, Skipped, OutOfOrder, DifferingRows, Whole).ShouldBe((0, 0, 0, 0, 0, 0, true), $"{Told}\n{string.Join('\n', Examples)}");
}
