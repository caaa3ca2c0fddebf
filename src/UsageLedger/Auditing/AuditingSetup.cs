using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using UsageLedger.EventLog.Checkpoints;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Auditing;

/// <summary>Puts the audit of the log into a host.</summary>
public static class AuditingSetup
{
    /// <summary>Needs a <c>CheckpointSigner</c>, a <c>CheckpointStore</c>, <c>LogTiles</c> and what the log's reader needs.</summary>
    public static IServiceCollection AddAuditing(this IServiceCollection services) => services
        .AddSingleton<EventSearch>()
        .AddSingleton(provider => new TreeReader(provider.GetRequiredService<LogTiles>()));

    public static void MapAuditing(this IEndpointRouteBuilder routes)
    {
        EventEndpoints.Map(routes);
        ProofEndpoints.Map(routes);
        TileEndpoints.Map(routes);
    }
}
