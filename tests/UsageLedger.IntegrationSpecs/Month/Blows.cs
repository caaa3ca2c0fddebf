using Xunit.Abstractions;

namespace UsageLedger.IntegrationSpecs.Month;

/// <summary>What is killed, and in which step of the month: the seed decides.</summary>
internal sealed class Blows
{
    public const int OfHost = 5;
    public const int OfPostgres = 2;

    /// <summary>The last blow falls while some of the month is left for those who come back.</summary>
    private const double LastAt = 0.8;

    private const int DelayMsMax = 700;

    private readonly Dictionary<int, (bool Postgres, TimeSpan Delay)> blows;
    private readonly MonthLedger ledger;
    private readonly ITestOutputHelper output;

    public Blows(MonthPlan plan, MonthLedger ledger, ITestOutputHelper output)
    {
        (this.ledger, this.output) = (ledger, output);
        var random = new Random(plan.Seed);
        var steps = Enumerable.Range(0, (int)(plan.Steps.Count * LastAt)).ToArray();
        random.Shuffle(steps);
        blows = steps.Take(OfHost + OfPostgres).Index()
            .ToDictionary(step => step.Item, step => (step.Index < OfPostgres, TimeSpan.FromMilliseconds(random.Next(DelayMsMax))));
    }

    public int Fallen { get; private set; }

    /// <summary>The blow that falls in this step, if any.</summary>
    public async Task FallAsync(int step)
    {
        if (!blows.TryGetValue(step, out var blow))
            return;
        await Task.Delay(blow.Delay);
        output.WriteLine($"step {step}, after {blow.Delay.TotalMilliseconds} ms: {(blow.Postgres ? "PostgreSQL" : "the host")} is killed");
        await (blow.Postgres ? ledger.KillPostgresAsync() : ledger.KillHostAsync());
        Fallen++;
    }
}
