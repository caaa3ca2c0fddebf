using NodaTime;

namespace UsageLedger.Simulators;

/// <summary>The world's own time: it stands still, is set, or runs so many times as fast as the clock on the wall.</summary>
public sealed class SimClock(IClock wall, Instant start)
{
    private const int RateMax = 1_000_000;
    private readonly Lock gate = new();
    private Instant setTo = start;
    private Instant setAt = wall.GetCurrentInstant();
    private int rate;

    /// <summary>The clock on the wall, by which signatures are dated.</summary>
    public IClock Wall { get; } = wall;

    public Instant Now
    {
        get
        {
            lock (gate)
            {
                return setTo + rate * (Wall.GetCurrentInstant() - setAt);
            }
        }
    }

    /// <summary>World seconds in a second; 0: it stands still.</summary>
    public int Rate
    {
        get
        {
            lock (gate)
            {
                return rate;
            }
        }
    }

    public void Set(Instant now) => Change(now, null);

    public void Advance(Duration by) => Change(Now + by, null);

    /// <exception cref="ArgumentOutOfRangeException">Backwards, or faster than a million times.</exception>
    public void Run(int atRate) => Change(Now, atRate is >= 0 and <= RateMax ? atRate : throw new ArgumentOutOfRangeException(nameof(atRate)));

    private void Change(Instant now, int? newRate)
    {
        lock (gate)
        {
            (setTo, setAt, rate) = (now, Wall.GetCurrentInstant(), newRate ?? rate);
        }
    }
}
