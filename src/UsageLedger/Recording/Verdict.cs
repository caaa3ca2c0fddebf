using UsageLedger.EventLog;

namespace UsageLedger.Recording;

/// <summary>What becomes of a record whose key is known; by content alone.</summary>
public enum Verdict
{
    Duplicate,
    Revise,

    /// <summary>The key stands for other usage.</summary>
    Conflict,

    /// <summary>The usage was voided and cannot be revised.</summary>
    Voided
}

/// <summary>Decides <see cref="Verdict"/>s.</summary>
public static class Verdicts
{
    /// <summary>What a usage said before a mapping gave it its client is still the same usage.</summary>
    /// <param name="incoming">In canonical form, and with the time that is known if it names none.</param>
    public static Verdict Of(CanonicalJson incoming, RecordingMode mode, UsageState known) => mode switch
    {
        _ when incoming == known.Record || incoming == known.AsSent => Verdict.Duplicate,
        RecordingMode.Once => Verdict.Conflict,
        RecordingMode.Revising => known.IsVoided ? Verdict.Voided : Verdict.Revise,

        // Somebody took the usage out; that the vendor still tells of it is nothing new.
        _ => known.IsVoided ? Verdict.Duplicate : Verdict.Revise,
    };
}
