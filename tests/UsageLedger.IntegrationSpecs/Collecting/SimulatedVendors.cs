using NodaTime;
using NodaTime.Text;
using UsageLedger.Attributing;
using UsageLedger.Collecting;
using UsageLedger.Collecting.Sources;
using UsageLedger.IntegrationSpecs.Simulators;
using UsageLedger.Receiving;
using UsageLedger.Recording;
using UsageLedger.Simulators.Truth;

namespace UsageLedger.IntegrationSpecs.Collecting;

/// <summary>A simulated world's usage as collectors and webhook readers tell it, by key as it was told last, and attributed by the world's own mappings.</summary>
internal sealed class SimulatedVendors(SimServer server) : IDisposable
{
    private static readonly VendorPatience Patience = VendorPatience.Default with { FirstWait = Duration.FromMilliseconds(20) };
    private readonly NumberHash numbers = new(new byte[32]);
    private readonly VendorClients clients = new(new SourceAddresses(AllowLoopback: true), Patience);
    private readonly Dictionary<(string Source, string Key), UsageRecord> told = [];

    public IReadOnlyList<RejectedRecord> Rejected { get; private set; } = [];

    /// <summary>What webhooks said is to be asked for.</summary>
    public IReadOnlyList<string> Announced { get; private set; } = [];

    /// <summary>The accounts of a provider; of Twilio each has its SID as id.</summary>
    public IEnumerable<VendorAccount> Open(string provider) => Accounts(provider).Select(
        account => new VendorAccount(account.Source, [account.Credential], clients.For(account.Source, ProviderCatalogue.Whole.Find(provider)!.Collector.Limits), numbers));

    public async Task CollectAsync(string provider, Instant from, Instant to)
    {
        foreach (var account in Open(provider))
        {
            await foreach (var page in ProviderCatalogue.Whole.Find(provider)!.Collector.CollectAsync(account, new CollectionWindow(from, to, null), CancellationToken.None))
            {
                Keep(page.Records);
                Rejected = [.. Rejected, .. page.Rejected];
            }
        }
    }

    /// <summary>What a broadcast told, if it is signed.</summary>
    public void Receive(string provider, WebhookDelivery delivery, Instant now)
    {
        var (source, credential) = Accounts(provider).Single();
        var reader = ProviderCatalogue.Whole.Find(provider)!.Webhooks!;
        reader.IsSigned(delivery, source, [credential], now).ShouldBeTrue();
        var reading = reader.Read(delivery, source, numbers);
        reading.Quarantine.ShouldBeNull();
        Keep(reading.Records);
        Announced = [.. Announced, .. reading.Fetch];
    }

    public async Task FetchAsync(string provider, IReadOnlyList<string> nativeIds)
    {
        foreach (var account in Open(provider))
        {
            await foreach (var page in ProviderCatalogue.Whole.Find(provider)!.Collector.FetchAsync(account, nativeIds, CancellationToken.None))
            {
                Keep(page.Records);
            }
        }
    }

    /// <summary>Records of a provider, each with the client and agent of its mapping.</summary>
    public IReadOnlyList<UsageRecord> Records(string provider)
    {
        var mappings = new Mappings(TrueMappings.Of(server.World).Where(mapping => mapping.Provider == provider).Select(mapping => new Mapping(
            mapping.Id, provider, MappingKeyReader.Read(mapping.Key, numbers)!, mapping.ClientId, mapping.AgentId, Time(mapping.ValidFrom), Time(mapping.ValidTo))));
        return [.. told.Values.Where(record => record.Provider == provider).Select(mappings.Apply)];
    }

    public void Dispose() => clients.Dispose();

    /// <summary>As recording does: what says nothing of whose it is takes nothing away.</summary>
    private void Keep(IEnumerable<UsageRecord> records)
    {
        foreach (var record in records)
        {
            var key = (record.Source, record.IdempotencyKey);
            told[key] = told.TryGetValue(key, out var known) && !record.Attributes.Any(IsMapping)
                ? record with { Attributes = [.. record.Attributes.Concat(known.Attributes.Where(IsMapping)).OrderBy(named => named.Name, StringComparer.Ordinal)] }
                : record;
        }
    }

    private static bool IsMapping(NamedText attribute) => attribute.Name.StartsWith("mapping.", StringComparison.Ordinal);

    private IEnumerable<(Source Source, Credential Credential)> Accounts(string provider)
    {
        var directory = server.Directory;
        return provider switch
        {
            "retell" => [Account(provider, "/retell", provider, ("apiKey", directory.RetellApiKey))],
            "openrouter" =>
                [Account(provider, "/openrouter", provider, ("managementKey", directory.OpenRouterManagementKey), ("webhookSecret", directory.OpenRouterWebhookSecret))],
            _ => directory.TwilioAccounts.Select(account => Account(provider, "/twilio", account.Sid, ("accountSid", account.Sid), ("authToken", account.AuthToken))),
        };
    }

    private (Source, Credential) Account(string provider, string path, string id, params (string Name, string Value)[] values) => (
        new Source("acme", id, provider, new Uri(server.Http.BaseAddress!, path), null, Duration.Zero, new Dictionary<string, string> { ["pageSize"] = "17" }),
        new Credential(id, values.ToDictionary(value => value.Name, value => value.Value)));

    private static Instant? Time(string? text) => text is null ? null : InstantPattern.ExtendedIso.Parse(text).Value;
}
