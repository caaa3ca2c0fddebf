using NodaTime;
using UsageLedger.Clients;
using UsageLedger.Cycles.Calendar;

namespace UsageLedger.Replaying;

/// <summary>Where a usage is booked.</summary>
/// <param name="Origin">The start of its own cycle, if that had closed before; then this is an adjustment.</param>
public readonly record struct Booking(Instant CycleStart, Instant? Origin);

/// <summary>
/// Which cycle of a client usage is booked into, by the calendar and the closes that the log holds up to a position: into its own, or, if that
/// had closed without it, into the cycle of its recording, or the next one that was open. The booking statement of the read model says the
/// same in SQL; this is for those who do not want to believe it.
/// </summary>
public sealed class BookingRule(Registration registration)
{
    private const int ClosedMax = 10_000;

    private Cycle? lastOwn;
    private Cycle? lastRecording;

    public Booking Of(Instant occurredAt, Instant recordedAt, long position)
    {
        var own = At(occurredAt, ref lastOwn);
        if (!HadClosed(own, position))
        {
            return new Booking(own.Start, null);
        }

        var cycle = At(recordedAt, ref lastRecording);
        for (var step = 0; step < ClosedMax && HadClosed(cycle, position); step++)
        {
            cycle = registration.Calendar.Next(cycle);
        }

        return new Booking(cycle.Start, own.Start);
    }

    /// <summary>A close freezes what was in the log up to the position it names; all that came later is late.</summary>
    private bool HadClosed(Cycle cycle, long position) =>
        registration.Closed.TryGetValue(cycle.Start, out var closed) && closed.AsOfPosition < position;

    /// <summary>Events come nearly in the order of time, so that most are in the cycle of the one before.</summary>
    private Cycle At(Instant instant, ref Cycle? last) =>
        last is not null && last.Contains(instant) ? last : last = registration.Calendar.CycleAt(instant);
}
