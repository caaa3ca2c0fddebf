using UsageLedger.Attributing;
using UsageLedger.Collecting.Sources;
using UsageLedger.Credentials;

namespace UsageLedger.Collecting.Runs;

/// <summary>Opens a source for work with its vendor.</summary>
/// <param name="clients">The way to a source's vendor, within its limits.</param>
public sealed class VendorAccounts(
    SourceStore sources, CredentialVault vault, ProviderCatalogue providers, Func<Source, VendorLimits, VendorHttp> clients, NumberHash numbers,
    CapturedReads captured)
{
    /// <exception cref="VendorException">The source has no credentials for its base URL, or no collector knows its provider.</exception>
    public async Task<OpenedAccount> OpenAsync(Source source, string purpose, string correlationId, CancellationToken ct)
    {
        var provider = providers.Find(source.Provider)
            ?? throw new VendorException("unknown_provider", $"Nobody knows how to collect from the provider {source.Provider}.");
        var credentials = await vault.OpenAsync(source, purpose, correlationId, ct);
        if (credentials.Count == 0)
        {
            throw (await vault.ListAsync(source.Tenant, source.Id, ct)).Count == 0
                ? new VendorException("no_credentials", "The source has no credentials; set them.")
                : new VendorException("credentials_elsewhere", "The source's credentials were set for another host than its base URL names; set them again.");
        }

        var http = clients(source, provider.Collector.Limits);
        return new OpenedAccount(provider.Collector, new VendorAccount(source, credentials, http, numbers, captured.Of(source)));
    }

    public Task<Source?> FindAsync(string tenant, string sourceId, CancellationToken ct) => sources.FindAsync(tenant, sourceId, ct);
}

/// <summary>A source whose vendor can be asked.</summary>
public sealed record OpenedAccount(IUsageCollector Collector, VendorAccount Account);
