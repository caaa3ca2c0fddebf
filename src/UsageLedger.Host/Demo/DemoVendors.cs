using System.Globalization;
using NodaTime;
using UsageLedger.Simulators;
using UsageLedger.Simulators.Faults;
using UsageLedger.Simulators.Truth;
using UsageLedger.Simulators.World;

namespace UsageLedger.Host.Demo;

/// <summary>The vendors of the demo: simulators in this process, on a port of their own. They know what they charge in the end.</summary>
internal sealed class DemoVendors : IAsyncDisposable
{
    /// <summary>By then every price is told, and is the one that stays.</summary>
    public static readonly Duration PricesFinalAfter = Duration.FromDays(4);

    private const int Clients = 4;
    private const int SeedYears = 100;

    /// <summary>No webhook is lost: of what only a lost broadcast told, OpenRouter tells nothing but a sum.</summary>
    private static readonly SimFaults Faults = new()
    {
        ServerErrors = 10, TooManyRequests = 10, ShiftingPages = 200, ChangedPrices = 50, RepeatedWebhooks = 100, DelayedWebhooks = 50, ReorderedWebhooks = 50,
    };

    private readonly WebApplication app;

    private DemoVendors(WebApplication app)
    {
        this.app = app;
        Simulation = app.Services.GetRequiredService<Simulation>();
        Url = new Uri(app.Urls.Single());
        Sources = DemoSource.All(Simulation.World.Directory);
        Bill = [.. TrueBill.Of(Simulation.World)];
    }

    public Simulation Simulation { get; }

    public Uri Url { get; }

    public SimWorld World => Simulation.World;

    public IReadOnlyList<DemoSource> Sources { get; }

    /// <summary>How they were told to misbehave.</summary>
    public static string Behaviour =>
        $"{Percent(Faults.ServerErrors + Faults.TooManyRequests)} of answers fail, {Percent(Faults.RepeatedWebhooks)} of webhooks come twice, "
        + $"{Percent(Faults.DelayedWebhooks)} late, {Percent(Faults.ChangedPrices)} of prices change";

    /// <summary>Item by item what they charge.</summary>
    public IReadOnlyList<TruthItem> Bill { get; }

    public static async Task<DemoVendors> StartAsync(DemoMonth month, CancellationToken ct)
    {
        var plan = new WorldPlan((month.Month.Year * SeedYears) + month.Month.Month, month.Start, month.End)
        {
            Clients = Clients, Calls = 400, Messages = 160, TwilioCalls = 40, Generations = 800,
        };
        var app = SimulatorApp.Build(new SimOptions(plan, LedgerServices.Clock) { Faults = Faults, DeliversByItself = false });
        await app.StartAsync(ct);
        return new DemoVendors(app);
    }

    /// <summary>What the vendors charge for these, in dollars.</summary>
    public static decimal CostOf(IEnumerable<TruthItem> items) =>
        items.Sum(item => item.Cost is { } cost ? decimal.Parse(cost, CultureInfo.InvariantCulture) : 0);

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private static string Percent(int perMille) => $"{perMille / 10} %";
}
