using UsageLedger.Attributing;
using UsageLedger.Credentials;

namespace UsageLedger.Collecting.Sources;

/// <summary>Asks a source's vendor whether its credentials are good.</summary>
public sealed record ValidateSource(Source Source, string CorrelationId);

/// <param name="Problems">In words for an operator; none when it is valid.</param>
public sealed record SourceValidation(bool Valid, IReadOnlyList<string> Problems)
{
    internal static SourceValidation Of(params IReadOnlyList<string> problems) => new(problems.Count == 0, problems);
}

/// <summary>What a validation works with.</summary>
internal sealed record ValidateServices(ProviderCatalogue Providers, CredentialVault Vault, VendorClients Vendors, NumberHash Numbers);

/// <summary>Handles <see cref="ValidateSource"/>.</summary>
internal static class ValidateSourceHandler
{
    public static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(30);

    private const string Purpose = "validation";

    public static async Task<SourceValidation> Handle(ValidateSource command, ValidateServices services, CancellationToken ct)
    {
        var source = command.Source;
        if (services.Providers.Find(source.Provider) is not { } provider)
        {
            return SourceValidation.Of($"This server knows no provider {source.Provider}.");
        }

        var credentials = await services.Vault.OpenAsync(source.Tenant, source.Id, Purpose, command.CorrelationId, ct);
        if (credentials.Count == 0)
        {
            return SourceValidation.Of("The source has no credentials.");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeMax);
        try
        {
            var account = new VendorAccount(source, credentials, services.Vendors.For(source, provider.Collector.Limits), services.Numbers);
            return SourceValidation.Of(await provider.Collector.ValidateAsync(account, limit.Token));
        }
        catch (VendorException failure)
        {
            return SourceValidation.Of(failure.Message);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return SourceValidation.Of($"The vendor did not answer within {TimeMax.TotalSeconds:0} seconds.");
        }
    }
}
