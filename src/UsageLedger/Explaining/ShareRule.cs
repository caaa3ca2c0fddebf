using NodaTime;
using UsageLedger.EventLog;
using UsageLedger.Replaying;

namespace UsageLedger.Explaining;

/// <summary>What the history of a usage comes to in a cycle.</summary>
internal static class ShareRule
{
    /// <summary>One share for each line that the usage ever touched, with the version at which it first did.</summary>
    /// <param name="stream">Of the client; what stands in others counts there.</param>
    public static IReadOnlyList<UsageShare> Of(Guid usage, IReadOnlyList<StoredEvent> history, string stream, BookingRule rule, Instant cycleStart)
    {
        var shares = new List<UsageShare>();
        foreach (var stored in history.Where(stored => stored.Stream == stream))
        {
            foreach (var (key, sums) in EventBookings.Of(stored, rule, cycleStart))
            {
                var state = UsageDelta.Of(stored).Last(delta => LineKey.Of(delta.State, key.Origin) == key).State;
                var at = shares.FindIndex(share => share.Key == key);
                if (at < 0)
                {
                    shares.Add(new UsageShare(usage, stored.Version, key, sums, state, history));
                }
                else
                {
                    shares[at] = shares[at] with { Sums = shares[at].Sums.Plus(sums), State = state };
                }
            }
        }

        return shares;
    }
}
