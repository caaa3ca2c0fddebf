using Npgsql;
using Serilog;

namespace UsageLedger.Host;

/// <summary>The HTTP server, whole: the same for <c>serve</c>, for the demo and for tests.</summary>
public static class LedgerApp
{
    private const long BodyBytesMax = 16 * 1024 * 1024 + 64 * 1024;
    private const int ConnectionsMax = 1_000;

    /// <summary>Builds the server on a migrated database; the caller runs it and disposes the database afterwards.</summary>
    public static WebApplication Build(LedgerSettings settings, NpgsqlDataSource database, Serilog.ILogger log)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Logging.AddSerilog(log);
        builder.WebHost.UseUrls(settings.Urls);
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = BodyBytesMax;
            server.Limits.MaxConcurrentConnections = ConnectionsMax;
            server.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        });
        builder.Services.AddLedger(settings, database).AddHostedService<ProjectionService>().AddHostedService<CheckpointService>();
        var app = builder.Build();
        return app;
    }
}
