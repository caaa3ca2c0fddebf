using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace UsageLedger.Access;

/// <summary>Puts the keys into a host.</summary>
public static class AccessSetup
{
    /// <summary>Needs an <c>NpgsqlDataSource</c> and an <c>IClock</c>.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services) => services
        .AddSingleton<ApiKeys>()
        .AddSingleton<KeyUses>()
        .AddHostedService(provider => provider.GetRequiredService<KeyUses>());

    /// <summary>Stands after routing and before everything that works for a caller. Refuses to start with a route of undeclared access.</summary>
    public static WebApplication UseApiKeys(this WebApplication app)
    {
        app.Use(next =>
        {
            RouteAccessExtensions.RefuseUndeclared(app);
            return next;
        });
        app.UseMiddleware<KeyGate>();
        return app;
    }
}
