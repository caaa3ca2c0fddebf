using NodaTime;
using UsageLedger.Simulators.Faults;
using UsageLedger.Simulators.World;

namespace UsageLedger.Simulators;

/// <summary>What a simulator is made of.</summary>
/// <param name="Wall">The clock on the wall: it moves a running world on and dates signatures.</param>
public sealed record SimOptions(WorldPlan Plan, IClock Wall)
{
    /// <summary>Where to listen; port 0 finds a free one.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:0";

    public SimFaults Faults { get; init; } = SimFaults.None;

    /// <summary>What time it is in the world at first; the plan's begin, unless given.</summary>
    public Instant? Now { get; init; }

    /// <summary>World seconds in a second; 0: time stands still until it is set.</summary>
    public int Rate { get; init; }

    /// <summary>Whether webhooks go out by themselves; else only when told to deliver.</summary>
    public bool DeliversByItself { get; init; } = true;
}
