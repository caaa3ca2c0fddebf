using NodaTime;

namespace UsageLedger.Cycles.Calendar;

/// <summary>One billing period of a client, half-open: an instant at <paramref name="End"/> is in the next one.</summary>
public sealed record Cycle(CycleId Id, Instant Start, Instant End)
{
    public bool Contains(Instant instant) => Start <= instant && instant < End;

    /// <summary>Open until its end, then closing until somebody closes it.</summary>
    public CycleStatus StatusAt(Instant now, bool closed) =>
        closed ? CycleStatus.Closed : now < End ? CycleStatus.Open : CycleStatus.Closing;
}

/// <summary>Where a cycle stands.</summary>
public enum CycleStatus
{
    Open,
    Closing,
    Closed
}
