using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using NodaTime.Text;
using UsageLedger.Simulators.Faults;
using UsageLedger.Simulators.Truth;
using UsageLedger.Simulators.Webhooks;

namespace UsageLedger.Simulators;

/// <summary>Steers a world, and tells the truth about it: everything below <c>/sim</c>.</summary>
internal static class SimDoor
{
    private const int BodyBytesMax = 1 << 20;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow
    };

    public static void Map(IEndpointRouteBuilder routes, Simulation simulation)
    {
        var sim = routes.MapGroup("/sim");
        sim.MapGet("", () => Json(About(simulation)));
        sim.MapGet("/clock", () => Json(Time(simulation)));
        sim.MapPost("/clock", (HttpRequest request) => TakeAsync<ClockChange>(request, change => Change(simulation, change)));
        sim.MapGet("/faults", () => Json(simulation.Faults));
        sim.MapPost("/faults", (HttpRequest request) => TakeAsync<SimFaults>(request, faults => Json(simulation.Faults = faults)));
        sim.MapGet("/webhooks", () => Json(new WebhookTargets(simulation.Webhooks.Targets)));
        sim.MapPost("/webhooks", (HttpRequest request) => TakeAsync<WebhookTargets>(request, given => Json(new WebhookTargets(simulation.Webhooks.Targets = given.Targets))));
        sim.MapPost("/deliver", async (CancellationToken ct) => Json(await simulation.Webhooks.DeliverAsync(ct)));
        sim.MapGet("/truth", (string? provider) => Json(TrueBill.Of(simulation.World).Where(item => provider is null || item.Provider == provider)));
        sim.MapGet("/truth/mappings", () => Json(TrueMappings.Of(simulation.World)));
        sim.MapGet("/truth/clients", () => Json(simulation.World.Directory.Clients.Select(client => new
        {
            client.Id, client.Name, client.TimeZone, Agents = client.Agents.Select(agent => agent.Id),
        })));
        sim.MapGet("/planted", () => Json(Planted.Of(simulation.World)));
        sim.MapGet("/credentials", () => Json(Credentials(simulation)));
    }

    private static IResult Json<T>(T document) => Results.Json(document, Options);

    private static async Task<IResult> TakeAsync<T>(HttpRequest request, Func<T, IResult> take)
    {
        try
        {
            var body = await RequestBytes.ReadAsync(request, BodyBytesMax);
            return take(JsonSerializer.Deserialize<T>(body.Span, Options) ?? throw new FormatException("there is nothing in the body"));
        }
        catch (Exception wrong) when (wrong is FormatException or JsonException or ArgumentException or InvalidOperationException or UnparsableValueException)
        {
            return Results.Json(new { error = wrong.Message }, Options, statusCode: StatusCodes.Status400BadRequest);
        }
    }

    private static object Time(Simulation simulation) => new { Now = InstantPattern.ExtendedIso.Format(simulation.Clock.Now), simulation.Clock.Rate };

    private static IResult Change(Simulation simulation, ClockChange change)
    {
        if (change.Now is { } now)
        {
            simulation.Clock.Set(InstantPattern.ExtendedIso.Parse(now).GetValueOrThrow());
        }

        if (change.Advance is { } by)
        {
            simulation.Clock.Advance(PeriodPattern.NormalizingIso.Parse(by).GetValueOrThrow().ToDuration());
        }

        if (change.Rate is { } rate)
        {
            simulation.Clock.Run(rate);
        }

        return Json(Time(simulation));
    }

    private static object About(Simulation simulation)
    {
        var (world, plan) = (simulation.World, simulation.World.Plan);
        return new
        {
            plan.Seed, From = InstantPattern.ExtendedIso.Format(plan.From), To = InstantPattern.ExtendedIso.Format(plan.To),
            Now = InstantPattern.ExtendedIso.Format(simulation.Clock.Now), simulation.Clock.Rate,
            Clients = world.Directory.Clients.Count, RetellCalls = world.RetellCalls.Count, Messages = world.Messages.Count,
            TwilioCalls = world.TwilioCalls.Count, Generations = world.Generations.Count,
            Paths = new { retell = "/retell", twilio = "/twilio", openrouter = "/openrouter" },
        };
    }

    /// <summary>By the names that the ledger's sources have.</summary>
    private static object Credentials(Simulation simulation)
    {
        var directory = simulation.World.Directory;
        return new
        {
            retell = new { apiKey = directory.RetellApiKey },
            twilio = directory.TwilioAccounts.Select(account => new
            {
                accountSid = account.Sid, authToken = account.AuthToken, apiKeySid = account.KeySid, apiKeySecret = account.KeySecret, owner = account.Owner,
            }),
            openrouter = new { managementKey = directory.OpenRouterManagementKey, webhookSecret = directory.OpenRouterWebhookSecret },
            openrouterKeys = directory.Agents.Select(agent => new { secret = agent.Key.Secret, hash = agent.Key.Hash, name = agent.Key.Name }),
        };
    }

    private sealed record ClockChange(string? Now, string? Advance, int? Rate);

    private sealed record WebhookTargets(IReadOnlyList<WebhookTarget> Targets);
}
