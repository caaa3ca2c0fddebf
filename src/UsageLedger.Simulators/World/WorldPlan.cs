using NodaTime;

namespace UsageLedger.Simulators.World;

/// <summary>What a world is made of; the same plan gives the same world to the last digit.</summary>
/// <param name="From">All of it ends in [From, To).</param>
public sealed record WorldPlan(long Seed, Instant From, Instant To)
{
    private const int ManyMax = 200_000;
    private const int ClientsMax = 500;
    private const int AgentsMax = 20;

    public int Clients { get; init; } = 3;

    public int AgentsPerClient { get; init; } = 2;

    /// <summary>Of Retell.</summary>
    public int Calls { get; init; } = 120;

    /// <summary>Of Twilio.</summary>
    public int Messages { get; init; } = 200;

    /// <summary>Of Twilio, beside those that Retell's calls made.</summary>
    public int TwilioCalls { get; init; } = 60;

    /// <summary>Of OpenRouter.</summary>
    public int Generations { get; init; } = 300;

    /// <exception cref="ArgumentException">The plan cannot be a world.</exception>
    public WorldPlan Checked() =>
        To - From < Duration.FromHours(1) ? throw new ArgumentException("A world lasts an hour at least.")
        : To - From > Duration.FromDays(400) ? throw new ArgumentException("A world lasts 400 days at most.")
        : Clients is < 1 or > ClientsMax || AgentsPerClient is < 1 or > AgentsMax ? throw new ArgumentException("A world has 1 to 500 clients with 1 to 20 agents.")
        : new[] { Calls, Messages, TwilioCalls, Generations }.Any(count => count is < 0 or > ManyMax)
            ? throw new ArgumentException("A world has at most 200,000 of each thing.")
        : this;
}
