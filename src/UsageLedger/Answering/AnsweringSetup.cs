using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using UsageLedger.Access;
using UsageLedger.EventLog.Projecting;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.Answering;

/// <summary>Puts the way in which the ledger answers into a host.</summary>
public static class AnsweringSetup
{
    /// <summary>
    /// A body that is too large for its route is answered at once and then passed over for some seconds, because most senders read no
    /// answer before they have sent all; only beyond this is the connection cut.
    /// </summary>
    private const long PassedOverBytesMax = 1024 * 1024 * 1024;

    /// <summary>Needs an <c>NpgsqlDataSource</c> and an <c>IClock</c>.</summary>
    /// <param name="perKey">How often one key may ask; null: as often as it likes.</param>
    public static IServiceCollection AddAnswering(this IServiceCollection services, RateLimit? perKey = null)
    {
        services.TryAddSingleton<ReadSignal>();
        services.TryAddSingleton<ReadModels>();
        services.TryAddSingleton<LogReader>();
        services.AddSingleton<BodyRooms>();
        services.AddSingleton<IdempotencyKeys>();
        services.AddHostedService<IdempotencyPurge>();
        services.Configure<JsonOptions>(json => LedgerJson.Apply(json.SerializerOptions));
        services.Configure<KestrelServerOptions>(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = PassedOverBytesMax;
        });
        if (perKey is not null)
        {
            services.AddSingleton(perKey);
        }

        return services.AddRateLimiter(options => perKey?.Apply(options));
    }

    /// <summary>The rooms that every request passes before its endpoint. Call it before routes are mapped; it includes routing and the keys.</summary>
    public static WebApplication UseAnswering(this WebApplication app)
    {
        app.UseMiddleware<CorrelationId>();
        app.UseMiddleware<RequestSpan>();
        app.UseMiddleware<RequestLine>();
        app.UseMiddleware<ProblemAnswers>();
        app.UseRouting();
        app.UseMiddleware<RequestTime>();
        app.UseApiKeys();
        if (app.Services.GetService<RateLimit>() is not null)
        {
            app.UseRateLimiter();
        }

        app.UseMiddleware<Idempotency>();

        // Problems are written within what remembers answers, so that they are remembered as they were told.
        app.UseMiddleware<ProblemAnswers>();
        app.UseMiddleware<MinPosition>();
        app.UseMiddleware<ReadLimit>();
        return app;
    }
}
