using System.Diagnostics;

namespace UsageLedger.EventLog.Appending;

/// <summary>A group that could not be appended.</summary>
/// <param name="At">A timestamp of the process.</param>
public sealed record AppendTrouble(Exception Failure, long At)
{
    public TimeSpan Age => Stopwatch.GetElapsedTime(At);
}
