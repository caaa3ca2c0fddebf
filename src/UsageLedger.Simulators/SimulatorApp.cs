using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using UsageLedger.Simulators.Faults;
using UsageLedger.Simulators.OpenRouter;
using UsageLedger.Simulators.Retell;
using UsageLedger.Simulators.Twilio;
using UsageLedger.Simulators.Webhooks;
using UsageLedger.Simulators.World;

namespace UsageLedger.Simulators;

/// <summary>The vendors' documented APIs over a made-up world, as one local server: <c>/retell</c>, <c>/twilio</c>, <c>/openrouter</c>, and <c>/sim</c> to steer it.</summary>
public static class SimulatorApp
{
    /// <summary>The running world is the service <see cref="Simulation"/>.</summary>
    /// <exception cref="ArgumentException">The plan cannot be a world, or the faults are none.</exception>
    public static WebApplication Build(SimOptions options)
    {
        var clock = new SimClock(options.Wall, options.Now ?? options.Plan.From);
        clock.Run(options.Rate);
        var simulation = new Simulation(SimWorld.Draw(options.Plan), clock, options.Faults);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(options.Urls);
        builder.Services.AddSingleton(_ => simulation);
        if (options.DeliversByItself)
        {
            builder.Services.AddHostedService(_ => new DeliveryLoop(simulation));
        }

        var app = builder.Build();
        app.UseMiddleware<FaultMiddleware>(simulation);
        app.UseRouting();
        RetellApi.Map(app, simulation);
        TwilioApi.Map(app, simulation);
        OpenRouterApi.Map(app, simulation);
        SimDoor.Map(app, simulation);
        return app;
    }
}
