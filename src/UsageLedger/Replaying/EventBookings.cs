using NodaTime;
using UsageLedger.EventLog;

namespace UsageLedger.Replaying;

/// <summary>What one event books into one cycle, by line.</summary>
public static class EventBookings
{
    /// <summary>At most two lines: that of the state before and that of the state after.</summary>
    /// <exception cref="UnreadableEventException">The event does not hold what it should, or is of a time that no calendar has.</exception>
    public static IReadOnlyList<(LineKey Key, LineSums Sums)> Of(StoredEvent stored, BookingRule rule, Instant cycleStart)
    {
        var booked = new List<(LineKey Key, LineSums Sums)>(2);
        foreach (var delta in UsageDelta.Of(stored))
        {
            var booking = UnreadableEventException.Read(stored, _ => rule.Of(delta.State.OccurredAt, stored.RecordedAt, stored.Position));
            if (booking.CycleStart == cycleStart)
            {
                Add(booked, LineKey.Of(delta.State, booking.Origin), delta);
            }
        }

        return booked;
    }

    /// <summary>An adjustment counts events, so the second half of a revision counts no more.</summary>
    private static void Add(List<(LineKey Key, LineSums Sums)> booked, LineKey key, UsageDelta delta)
    {
        var at = booked.FindIndex(line => line.Key == key);
        if (at < 0)
        {
            booked.Add((key, LineSums.Zero.With(delta, key.Origin is null ? delta.Sign : 1)));
        }
        else
        {
            booked[at] = (key, booked[at].Sums.With(delta, key.Origin is null ? delta.Sign : 0));
        }
    }
}
