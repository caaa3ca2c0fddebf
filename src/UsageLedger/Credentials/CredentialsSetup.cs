using Microsoft.Extensions.DependencyInjection;

namespace UsageLedger.Credentials;

/// <summary>Puts the credentials into a host.</summary>
public static class CredentialsSetup
{
    public static IServiceCollection AddCredentials(this IServiceCollection services, string masterKeyFile) => services
        .AddSingleton(new MasterKeys(masterKeyFile))
        .AddSingleton<SealedKeys>()
        .AddSingleton<CredentialVault>();
}
