using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NodaTime;
using UsageLedger.IntegrationSpecs.Running;
using UsageLedger.IntegrationSpecs.Simulators;
using UsageLedger.Simulators;
using UsageLedger.Simulators.World;
using Caller = UsageLedger.IntegrationSpecs.Running.Caller;

namespace UsageLedger.IntegrationSpecs.Crash;

/// <summary>Simulated Retell: runs over its calls, some of which have no price yet; deliveries that announce a call, and deliveries that nobody can read.</summary>
internal sealed class FaultVendor : IAsyncDisposable
{
    public const string SourceId = "retell-main";

    private const int Calls = 150;

    private const int WorldSeed = 7;

    private static readonly Instant From = Instant.FromUtc(2024, 10, 1, 0, 0);
    private static readonly Instant To = Instant.FromUtc(2024, 10, 29, 0, 0);
    private static readonly Duration Moment = Duration.FromSeconds(1);
    private static readonly Instant HalfTime = Instant.FromUtc(2024, 10, 15, 0, 0);

    private readonly SimServer _sim;
    private readonly Instant _middle;
    private readonly string[] _calls;
    private int _deliveries;
    private int _runs;

    private FaultVendor(SimServer sim)
    {
        _sim = sim;
        _middle = sim.World.RetellCalls.First(call => call.EndedAt > HalfTime && call.Products.Any(product => product.Cost.KnownAt > call.EndedAt + Moment)).EndedAt + Moment;
        sim.Simulation.Clock.Set(_middle);
        _calls = [.. sim.Truth("retell", "product").Where(item => string.CompareOrdinal(item.OccurredAt, HalfTime.ToString()) < 0).Select(item => item.NativeId).Distinct()];
    }

    public Uri Url => new(_sim.Http.BaseAddress!, "/retell");

    public string ApiKey => _sim.Directory.RetellApiKey;

    /// <summary>Items of the true bill, and what they cost.</summary>
    public (long Items, decimal Cost) Truth => (
        _sim.Truth("retell", "product").LongCount(), _sim.Truth("retell", "product").Sum(item => decimal.Parse(item.Cost!, CultureInfo.InvariantCulture)));

    /// <summary>It stands in the middle of its month, where a call was just over: there is one without a price until it settles.</summary>
    public static async Task<FaultVendor> StartAsync() => new(await SimServer.StartAsync(
        new SimOptions(new WorldPlan(WorldSeed, From, To) { Calls = Calls, Messages = 0, TwilioCalls = 0, Generations = 0 }, SystemClock.Instance) { Now = HalfTime, DeliversByItself = false }));

    /// <summary>Makes it a source of the caller's tenant.</summary>
    public async Task ConfigureAsync(Caller caller)
    {
        await PutAsync(caller, $"/v1/sources/{SourceId}", $$$"""{"provider":"retell","baseUrl":"{{{Url}}}","settings":{"pageSize":"17"}}""");
        await PutAsync(caller, $"/v1/sources/{SourceId}/credentials", $$$"""{"values":{"apiKey":"{{{ApiKey}}}"}}""");
    }

    /// <summary>Everything has its last price.</summary>
    public void Settle() => _sim.Simulation.Clock.Set(To + Duration.FromDays(4));

    /// <summary>In turn a run over all calls, and one over none, which asks for what has no price by name.</summary>
    public string NextRun() => _runs++ % 2 == 0 ? Run(From, _middle) : Run(_middle, _middle + Duration.FromHours(1));

    public static string WholeRun() => Run(From, To);

    /// <summary>A call is over, and its cost is told and not yet of what: it is to be asked for.</summary>
    public string NextCall() => string.Create(CultureInfo.InvariantCulture, $$$$"""
        {"event":"call_ended","n":{{{{_deliveries++}}}},"call":{"call_id":"{{{{_calls[_deliveries % _calls.Length]}}}}","call_type":"web_call","agent_id":"agent-1",
         "call_status":"ended","start_timestamp":1728000000000,"end_timestamp":1728000060000,"duration_ms":60000,"call_cost":{"combined_cost":7}}}
        """);

    public string NextNonsense() => string.Create(CultureInfo.InvariantCulture, $$"""{"event":"call_ended","n":{{_deliveries++}}}""");

    /// <summary>As the inbox knows a delivery.</summary>
    public static string KeyOf(string body) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));

    public Task<Reply> DeliverAsync(Caller caller, string body)
    {
        var now = SystemClock.Instance.GetCurrentInstant().ToUnixTimeMilliseconds();
        var digest = HMACSHA256.HashData(Encoding.UTF8.GetBytes(ApiKey), Encoding.UTF8.GetBytes($"{body}{now}"));
        return (caller with { Key = null }).PostAsync(
            $"/v1/webhooks/{caller.Tenant}/{SourceId}", body, Caller.Json, ("x-retell-signature", $"v={now},d={Convert.ToHexStringLower(digest)}"));
    }

    public ValueTask DisposeAsync() => _sim.DisposeAsync();

    private static async Task PutAsync(Caller caller, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, Caller.Json);
        var reply = await caller.SendAsync(HttpMethod.Put, path, content);
        reply.Status.ShouldBeInRange(200, 204, reply.Text);
    }

    private static string Run(Instant from, Instant to) => $$"""{"sourceId":"{{SourceId}}","from":"{{from}}","to":"{{to}}"}""";
}
