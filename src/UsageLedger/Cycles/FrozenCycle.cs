using NodaTime;

namespace UsageLedger.Cycles;

/// <summary>The cycle as a close freezes it.</summary>
/// <param name="LinesHash">Of all of its lines.</param>
/// <param name="TimeZones">The version of the time zone database by which its lines were booked; null: none is known yet.</param>
internal sealed record FrozenCycle(CycleReport Report, string LinesHash, string? TimeZones)
{
    /// <summary>Whether cycles have the same boundaries there as here: while programs of two versions run, they may not.</summary>
    public bool GoesBy(IDateTimeZoneProvider zones) => TimeZones == zones.VersionId;
}
