using NodaTime;
using UsageLedger.Simulators.Faults;
using UsageLedger.Simulators.Webhooks;
using UsageLedger.Simulators.World;

namespace UsageLedger.Simulators;

/// <summary>A running world: what is in it, what time it is there, how badly its vendors behave, and whom they call.</summary>
public sealed class Simulation(SimWorld world, SimClock clock, SimFaults faults) : IDisposable
{
    private readonly Lock gate = new();
    private WebhookSender? sender;
    private volatile SimFaults faults = faults.Checked();

    public SimWorld World { get; } = world;

    public SimClock Clock { get; } = clock;

    /// <summary>Can be exchanged at any time.</summary>
    public SimFaults Faults
    {
        get => faults;
        set => faults = value.Checked();
    }

    /// <summary>By the clock on the wall, for that is what receivers judge signatures by, less the skew.</summary>
    internal Instant SignedAt => Clock.Wall.GetCurrentInstant() - Duration.FromSeconds(Faults.SignatureSkewSeconds);

    internal FaultPlan Plan { get; } = new(world.Plan.Seed);

    public WebhookSender Webhooks
    {
        get
        {
            lock (gate)
            {
                return sender ??= new WebhookSender(this);
            }
        }
    }

    public void Dispose() => sender?.Dispose();
}
