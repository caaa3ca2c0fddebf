using NodaTime;

namespace UsageLedger.IntegrationSpecs.EventLog;

/// <summary>A clock that stands still until a spec sets it, also backwards.</summary>
public sealed class SpecClock : IClock
{
    private long ticks = Instant.FromUtc(2026, 10, 5, 12, 0).ToUnixTimeTicks();

    public Instant Now
    {
        get => Instant.FromUnixTimeTicks(Interlocked.Read(ref ticks));
        set => Interlocked.Exchange(ref ticks, value.ToUnixTimeTicks());
    }

    public Instant GetCurrentInstant() => Now;
}
