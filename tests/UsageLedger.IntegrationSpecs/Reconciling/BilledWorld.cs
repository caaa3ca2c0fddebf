using System.Globalization;
using NodaTime;
using NodaTime.Text;
using UsageLedger.Attributing;
using UsageLedger.Collecting;
using UsageLedger.Collecting.Sources;
using UsageLedger.EventLog.Appending;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.IntegrationSpecs.Simulators;
using UsageLedger.Receiving;
using UsageLedger.Recording;
using UsageLedger.Simulators;
using UsageLedger.Simulators.OpenRouter;
using UsageLedger.Simulators.Truth;
using UsageLedger.Simulators.World;

namespace UsageLedger.IntegrationSpecs.Reconciling;

/// <summary>What a vendor charges for one thing, in the ledger's words and by the vendors' documents.</summary>
/// <param name="Unit">What is counted, where the ledger counts in several.</param>
/// <param name="FailedFree">A message that failed free of charge.</param>
internal sealed record BilledItem(string Source, string Metric, string NativeId, Instant At, decimal Quantity, decimal Amount, string? Unit = null, bool FailedFree = false);

/// <summary>A month of simulated vendors, collected into a ledger, and what the vendors truly charge for it.</summary>
internal sealed class BilledWorld : IAsyncDisposable
{
    public const string Tenant = "acme";

    public static readonly NumberHash Numbers = new(new byte[32]);
    private const int UnpricedAtOnce = 50;
    private readonly SimServer vendors;

    private BilledWorld(SimServer vendors, SpecLog log) => (this.vendors, Log, Appender) = (vendors, log, log.Appender());

    public SpecLog Log { get; }

    public LogAppender Appender { get; }

    /// <summary>By provider.</summary>
    public ILookup<string, BilledItem> Items { get; private set; } = null!;

    public static async Task<BilledWorld> OpenAsync(long seed, int generations = 0)
    {
        var plan = new WorldPlan(seed, SimServer.From, SimServer.To) { Calls = 400, Messages = 700, TwilioCalls = 200, Generations = generations };
        var vendors = await SimServer.StartAsync(new SimOptions(plan, SystemClock.Instance) { Now = SimServer.To + Duration.FromDays(4), DeliversByItself = false });
        var world = new BilledWorld(vendors, await SpecLog.OpenAsync());
        world.Log.Clock.Now = SimServer.To + Duration.FromDays(5);
        world.Items = TrueBill.Of(vendors.World).SelectMany(Item).ToLookup(item => item.Provider, item => item.Item);
        await world.CollectAsync();
        await world.BroadcastAsync(seed);
        return world;
    }

    public static VendorClients Clients() => new(new SourceAddresses(AllowLoopback: true));

    public IEnumerable<(Source Source, Credential Credential)> Accounts(string provider) => provider == "retell"
        ? [Account("retell", "/retell", "retell", ("apiKey", vendors.Directory.RetellApiKey))]
        : vendors.Directory.TwilioAccounts.Select(account => Account("twilio", "/twilio", account.Sid, ("accountSid", account.Sid), ("authToken", account.AuthToken)));

    public async ValueTask DisposeAsync()
    {
        await vendors.DisposeAsync();
        await Log.DisposeAsync();
    }

    /// <summary>All broadcasts arrive, and what they do not tell is asked for.</summary>
    private async Task BroadcastAsync(long seed)
    {
        using var clients = Clients();
        var (source, credential) = Account("openrouter", "/openrouter", "openrouter", ("managementKey", vendors.Directory.OpenRouterManagementKey));
        var provider = ProviderCatalogue.Whole.Find(source.Provider)!;
        var (told, unpriced) = (new List<UsageRecord>(), new List<string>());
        foreach (var made in vendors.World.Generations)
        {
            var delivery = new WebhookDelivery("", new Dictionary<string, string>(), Broadcast.Of(made, seed));
            var reading = provider.Webhooks!.Read(delivery, source, Numbers);
            told.AddRange(reading.Records);
            unpriced.AddRange(reading.Fetch);
        }

        await RecordAsync(told);
        var account = new VendorAccount(source, [credential], clients.For(source, provider.Collector.Limits), Numbers);
        foreach (var ids in unpriced.Chunk(UnpricedAtOnce))
        {
            await foreach (var page in provider.Collector.FetchAsync(account, ids, CancellationToken.None))
                await RecordAsync(page.Records);
        }
    }

    private async Task RecordAsync(IEnumerable<UsageRecord> records)
    {
        foreach (var some in records.Chunk(UsageBody.RecordsMax))
        {
            var items = some.Select(record => new ParsedUsage(record with { ClientId = "contoso" }, RecordingMode.Polled, []));
            await RecordUsageHandler.Handle(new RecordUsage(Tenant, "collected", [.. items]), Appender, default);
        }
    }

    private async Task CollectAsync()
    {
        using var clients = Clients();
        foreach (var (source, credential) in Accounts("retell").Concat(Accounts("twilio")))
        {
            var collector = ProviderCatalogue.Whole.Find(source.Provider)!.Collector;
            var account = new VendorAccount(source, [credential], clients.For(source, collector.Limits), Numbers);
            var window = new CollectionWindow(SimServer.From - Duration.FromDays(1), SimServer.To + Duration.FromDays(1), null);
            await foreach (var page in collector.CollectAsync(account, window, CancellationToken.None))
                await RecordAsync(page.Records);
        }
    }

    private (Source, Credential) Account(string provider, string path, string id, params (string Name, string Value)[] values) => (
        new Source(Tenant, id, provider, new Uri(vendors.Http.BaseAddress!, path), null, Duration.Zero, new Dictionary<string, string> { ["pageSize"] = "1000" }),
        new Credential(id, values.ToDictionary(value => value.Name, value => value.Value)));

    private static IEnumerable<(string Provider, BilledItem Item)> Item(TruthItem item)
    {
        if (item.Kind == "call" && item.Cost is null)
            yield break;

        var way = item.Kind is "product" or "generation" ? "" : item.Details["direction"] == "inbound" ? "inbound" : "outbound";
        var metric = item.Kind switch
        {
            "product" => "call." + item.Part,
            "generation" => "llm.*",
            "message" => (item.Details["media"] == "0" ? "sms." : "mms.") + way,
            _ => "call." + way,
        };
        yield return (item.Provider, new BilledItem(
            item.Account, metric, item.NativeId, InstantPattern.ExtendedIso.Parse(item.OccurredAt).Value,
            item.Kind == "generation" ? 1 : Number(item.Quantity), Number(item.Cost ?? "0"), item.Kind == "generation" ? item.Kind : null,
            item.Kind == "message" && item.Details["status"] == "failed" && item.Cost is null or "0"));
    }

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
