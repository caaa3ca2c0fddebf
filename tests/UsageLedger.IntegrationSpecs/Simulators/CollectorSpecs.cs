using System.Globalization;
using NodaTime;
using UsageLedger.Attributing;
using UsageLedger.Collecting;
using UsageLedger.Collecting.Sources;
using UsageLedger.Receiving;
using UsageLedger.Recording;
using UsageLedger.Simulators.Faults;
using UsageLedger.Simulators.Truth;

namespace UsageLedger.IntegrationSpecs.Simulators;

/// <summary>The ledger's collectors and webhook readers, which know nothing of the simulators, read the true bill from them on a bad day.</summary>
public sealed class CollectorSpecs
{
    private const int GenerationsAsked = 40;
    private static readonly NumberHash Numbers = new(new byte[32]);

    [Theory]
    [InlineData("retell", 0)]
    [InlineData("twilio", 0)]
    [InlineData("twilio", 1)]
    [InlineData("openrouter", 0)]
    public async Task What_they_collect_is_the_true_bill_and_holds_nothing_personal(string name, int account)
    {
        await using var server = await SimServer.StartAsync(SimFaults.Rough with { HangMs = 10 });
        using var clients = new VendorClients(new SourceAddresses(AllowLoopback: true), new VendorPatience(
            Duration.FromSeconds(10), Duration.FromMinutes(1), 6, Duration.FromMilliseconds(5), Duration.FromSeconds(2), Duration.FromMilliseconds(500)));
        var collector = ProviderCatalogue.Whole.Find(name)!.Collector;
        var source = Source(server, name);
        var vendor = new VendorAccount(source, [CredentialOf(server, name, account)], clients.For(source, collector.Limits), Numbers);
        var truth = TrueBill.Of(server.World)
            .Where(item => item.Provider == name && (name != "twilio" || item.Account == server.Directory.TwilioAccounts[account].Sid)).ToList();
        truth = name == "openrouter" ? [.. truth.Take(GenerationsAsked)] : truth;

        (await collector.ValidateAsync(vendor, CancellationToken.None)).ShouldBeEmpty();
        var pages = name == "openrouter"
            ? await collector.FetchAsync(vendor, [.. truth.Select(item => item.NativeId)], CancellationToken.None).ToListAsync()
            : await collector.CollectAsync(vendor, new CollectionWindow(SimServer.From, SimServer.To, null), CancellationToken.None).ToListAsync();

        pages.SelectMany(page => page.Rejected).ShouldBeEmpty();
        var records = pages.SelectMany(page => page.Records).DistinctBy(record => record.IdempotencyKey).ToList();
        records.ShouldAllBe(record => record.Cost != null);
        Sums(records.Select(record => (collector.NativeIdOf(record.IdempotencyKey)!, record.Cost!.Value)))
            .ShouldBe(Sums(truth.Select(item => (item.NativeId, decimal.Parse(item.Cost ?? "0", CultureInfo.InvariantCulture)))));
        HoldsNothingPersonal(server, records);
    }

    [Fact]
    public async Task They_take_every_webhook_for_signed_and_read_it()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var server = await SimServer.StartAsync(new SimFaults { SignatureSkewSeconds = 120 });
        server.Simulation.Webhooks.Targets = [.. Providers.All.Select(provider => new UsageLedger.Simulators.Webhooks.WebhookTarget(provider.Name, new Uri(receiver.Url, provider.Name)))];
        await server.Simulation.Webhooks.DeliverAsync(CancellationToken.None);

        foreach (var hook in receiver.Hooks)
        {
            var provider = ProviderCatalogue.Whole.Find(hook.Path[1..])!;
            var source = Source(server, provider.Name);
            var credentials = server.Directory.TwilioAccounts.Select((_, account) => CredentialOf(server, provider.Name, account)).ToList();
            var delivery = new WebhookDelivery(new Uri(receiver.Url, provider.Name).AbsoluteUri, Headers(hook), hook.Body);
            provider.Webhooks!.IsSigned(delivery, source, credentials, SystemClock.Instance.GetCurrentInstant()).ShouldBeTrue(hook.Path);
            var reading = provider.Webhooks.Read(delivery, source, Numbers);
            reading.Quarantine.ShouldBeNull();
            HoldsNothingPersonal(server, reading.Records, some: 20);
        }
    }

    private static Source Source(SimServer server, string provider) => new(
        "acme", provider, provider, new Uri(server.Http.BaseAddress!, provider), null, Duration.FromHours(24), new Dictionary<string, string> { ["pageSize"] = "25" });

    private static Credential CredentialOf(SimServer server, string provider, int account) => new("one", provider switch
    {
        "retell" => new Dictionary<string, string> { ["apiKey"] = server.Directory.RetellApiKey },
        "twilio" => new Dictionary<string, string>
        {
            ["accountSid"] = server.Directory.TwilioAccounts[account].Sid, ["authToken"] = server.Directory.TwilioAccounts[account].AuthToken,
        },
        _ => new Dictionary<string, string>
        {
            ["managementKey"] = server.Directory.OpenRouterManagementKey, ["webhookSecret"] = server.Directory.OpenRouterWebhookSecret,
        }
    });

    private static Dictionary<string, string> Headers(Hook hook) =>
        new (string Name, string? Value)[] { ("x-retell-signature", hook.Retell), ("x-twilio-signature", hook.Twilio), ("authorization", hook.Authorization) }
            .Where(header => header.Value is not null).ToDictionary(header => header.Name, header => header.Value!);

    /// <summary>What costs something, by the vendor's id.</summary>
    private static SortedDictionary<string, decimal> Sums(IEnumerable<(string Id, decimal Cost)> costs) =>
        new(costs.GroupBy(cost => cost.Id).Select(group => (Id: group.Key, Cost: group.Sum(cost => cost.Cost))).Where(sum => sum.Cost != 0)
            .ToDictionary(sum => sum.Id, sum => sum.Cost), StringComparer.Ordinal);

    private static void HoldsNothingPersonal(SimServer server, IEnumerable<UsageRecord> records, int some = int.MaxValue)
    {
        var text = string.Join('\n', records.Select(record => $"{record} {string.Join(',', record.Attributes.Select(pair => pair.ToString()))}"));
        foreach (var planted in Planted.Of(server.World).Take(some))
        {
            text.Contains(planted.Value.TrimStart('+'), StringComparison.OrdinalIgnoreCase).ShouldBeFalse(planted.Value);
        }
    }
}
