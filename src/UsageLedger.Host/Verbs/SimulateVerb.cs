using System.CommandLine;
using NodaTime;
using UsageLedger.Simulators;
using UsageLedger.Simulators.Faults;
using UsageLedger.Simulators.World;

namespace UsageLedger.Host.Verbs;

/// <summary><c>ledger simulate</c>: the vendors' APIs over a made-up month, as a local server, until stopped. Needs no database.</summary>
internal static class SimulateVerb
{
    private const string DefaultUrls = "http://127.0.0.1:5090";
    private const long DefaultSeed = 1;
    private static readonly WorldPlan Defaults = new(DefaultSeed, default, default);

    private static readonly Option<string> UrlsOption = new("--urls") { Description = "Where to listen.", DefaultValueFactory = _ => DefaultUrls };
    private static readonly Option<long> SeedOption = new("--seed") { Description = "The same seed makes the same world.", DefaultValueFactory = _ => DefaultSeed };
    private static readonly Option<string?> FromOption = new("--from") { Description = "Begin of the world, as 2026-10-01T00:00:00Z; the last full month's, unless given." };
    private static readonly Option<string?> ToOption = new("--to") { Description = "End of the world." };
    private static readonly Option<string?> NowOption = new("--now") { Description = "What time it is there at first; its begin, unless given." };
    private static readonly Option<int> RateOption = new("--rate") { Description = "World seconds in a second; 0 stands still until POST /sim/clock." };
    private static readonly Option<int> ClientsOption = Many("--clients", Defaults.Clients);
    private static readonly Option<int> CallsOption = Many("--calls", Defaults.Calls);
    private static readonly Option<int> MessagesOption = Many("--messages", Defaults.Messages);
    private static readonly Option<int> GenerationsOption = Many("--generations", Defaults.Generations);
    private static readonly Option<bool> RoughOption = new("--rough") { Description = "Vendors behave badly: refusals, cuts, lost and late webhooks." };

    public static Command Create() => VerbRun.Bind(
        new Command("simulate", "Serve the vendors' APIs over made-up usage.")
        {
            UrlsOption, SeedOption, FromOption, ToOption, NowOption, RateOption, ClientsOption, CallsOption, MessagesOption, GenerationsOption, RoughOption
        },
        RunAsync);

    private static Option<int> Many(string name, int otherwise) =>
        new(name) { Description = $"How many; {otherwise} unless given.", DefaultValueFactory = _ => otherwise };

    private static async Task<int> RunAsync(VerbRun run, CancellationToken ct)
    {
        var options = Options(run);
        ListenAddresses.Refuse(options.Urls);
        await using var app = Built(options);
        await app.StartAsync(ct);
        var url = app.Urls.First();
        if (run.Json)
        {
            Output.Json(new { url, seed = options.Plan.Seed, retell = url + "/retell", twilio = url + "/twilio", openrouter = url + "/openrouter", sim = url + "/sim" });
        }
        else
        {
            Console.WriteLine($"The vendors of seed {options.Plan.Seed} listen on {url}/retell, {url}/twilio and {url}/openrouter; {url}/sim steers them");
        }

        await app.WaitForShutdownAsync(ct);
        return 0;
    }

    private static WebApplication Built(SimOptions options)
    {
        try
        {
            return SimulatorApp.Build(options);
        }
        catch (ArgumentException misuse)
        {
            throw new SettingsException(misuse.Message, misuse);
        }
    }

    private static SimOptions Options(VerbRun run)
    {
        var arguments = run.Arguments;
        var thisMonth = LedgerServices.Clock.GetCurrentInstant().InUtc().Date.With(DateAdjusters.StartOfMonth);
        var from = run.Instant(FromOption) ?? StartOf(thisMonth.PlusMonths(-1));
        var to = run.Instant(ToOption) ?? StartOf(from.InUtc().Date.PlusMonths(1));
        var plan = new WorldPlan(arguments.GetValue(SeedOption), from, to)
        {
            Clients = arguments.GetValue(ClientsOption), Calls = arguments.GetValue(CallsOption), Messages = arguments.GetValue(MessagesOption),
            Generations = arguments.GetValue(GenerationsOption),
        };
        return new SimOptions(plan, LedgerServices.Clock)
        {
            Urls = arguments.GetValue(UrlsOption)!, Now = run.Instant(NowOption), Rate = arguments.GetValue(RateOption),
            Faults = arguments.GetValue(RoughOption) ? SimFaults.Rough : SimFaults.None,
        };
    }

    private static Instant StartOf(LocalDate date) => date.AtMidnight().InUtc().ToInstant();
}
