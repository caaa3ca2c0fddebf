using Microsoft.Extensions.DependencyInjection;
using UsageLedger.Credentials;

namespace UsageLedger.Attributing;

/// <summary>Puts attribution into a host.</summary>
public static class AttributingSetup
{
    private const string NumberKey = "number_hash";

    /// <summary>The key of number hashes is made once, with the first number that is hashed.</summary>
    public static IServiceCollection AddAttributing(this IServiceCollection services) => services
        .AddSingleton<MappingStore>()
        .AddSingleton(provider => new NumberHash(() => provider.GetRequiredService<SealedKeys>().OpenOrCreate(NumberKey)));
}
