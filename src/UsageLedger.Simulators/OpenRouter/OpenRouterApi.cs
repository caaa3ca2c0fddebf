using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using NodaTime.Text;

namespace UsageLedger.Simulators.OpenRouter;

/// <summary>OpenRouter's API, below <c>/openrouter/api/v1</c>: activity, credits and keys for the management key; generation and key for any.</summary>
internal static class OpenRouterApi
{
    private const int KeysPage = 100;
    private const decimal CreditsBought = 10_000m;

    public static void Map(IEndpointRouteBuilder routes, Simulation simulation)
    {
        var api = routes.MapGroup("/openrouter/api/v1");
        api.AddEndpointFilter(async (context, next) =>
            IsManager(simulation, context.HttpContext.Request) || KeyOf(simulation, context.HttpContext.Request) is not null
                ? await next(context)
                : Error(StatusCodes.Status401Unauthorized, "Missing Authentication header"));
        api.MapGet("/generation", (string? id) => Generation(simulation, id));
        api.MapGet("/key", (HttpRequest request) => Own(simulation, request));
        var managed = api.MapGroup(string.Empty);
        managed.AddEndpointFilter(async (context, next) =>
            IsManager(simulation, context.HttpContext.Request)
                ? await next(context)
                : Error(StatusCodes.Status403Forbidden, "Only management keys can perform this operation"));
        managed.MapGet("/activity", (HttpRequest request) => ActivityOf(simulation, request));
        managed.MapGet("/credits", () => Credits(simulation));
        managed.MapGet("/keys", (HttpRequest request) => Keys(simulation, request));
    }

    public static IResult Error(int code, string message) => Results.Json(new { error = new { code, message } }, OpenRouterWire.Options, statusCode: code);

    private static IResult Data(object data) => Results.Json(new { data }, OpenRouterWire.Options);

    private static bool IsManager(Simulation simulation, HttpRequest request) => Bearer.Is(request, simulation.World.Directory.OpenRouterManagementKey);

    private static OpenRouterKey? KeyOf(Simulation simulation, HttpRequest request) =>
        Bearer.Of(request) is { } shown ? simulation.World.Directory.Agents.Select(agent => agent.Key).FirstOrDefault(key => key.Secret == shown) : null;

    private static IResult Generation(Simulation simulation, string? id)
    {
        var now = simulation.Clock.Now;
        return string.IsNullOrEmpty(id) ? Error(StatusCodes.Status400BadRequest, "Invalid request parameters")
            : simulation.World.Generations.FirstOrDefault(made => made.Id == id && made.KnownAt <= now) is { } made ? Data(OpenRouterWire.Of(made))
            : Error(StatusCodes.Status404NotFound, "Resource not found");
    }

    private static List<Generation> Ended(Simulation simulation) => [.. simulation.World.Generations.Where(made => made.EndedAt <= simulation.Clock.Now)];

    private static IResult ActivityOf(Simulation simulation, HttpRequest request)
    {
        var (date, hash, workspace, group) = (
            request.Query["date"].ToString(), request.Query["api_key_hash"].ToString(), request.Query["workspace_id"].ToString(), request.Query["group_by"].ToString());
        var day = LocalDatePattern.Iso.Parse(date);
        if ((date.Length > 0 && !day.Success) || group is not ("" or "workspace"))
        {
            return Error(StatusCodes.Status400BadRequest, "Invalid request parameters");
        }

        try
        {
            var made = Ended(simulation)
                .Where(one => (hash.Length == 0 || one.Agent.Key.Hash == hash) && (workspace.Length == 0 || workspace == OpenRouterWire.Workspace));
            return Data(Activity.Of(made, simulation.Clock.Now.InUtc().Date, date.Length == 0 ? null : day.Value, group.Length > 0).ToList());
        }
        catch (FormatException wrong)
        {
            return Error(StatusCodes.Status400BadRequest, wrong.Message);
        }
    }

    private static IResult Credits(Simulation simulation) =>
        Data(new { total_credits = CreditsBought, total_usage = Ended(simulation).Sum(made => made.Cost) });

    private static IResult Own(Simulation simulation, HttpRequest request)
    {
        var key = KeyOf(simulation, request);
        var made = Ended(simulation).Where(one => one.Agent.Key == key).ToList();
        var label = $"{simulation.World.Directory.OpenRouterManagementKey[..12]}...{simulation.World.Directory.OpenRouterManagementKey[^3..]}";
        return Data(KeyUsage.Of(made, simulation.Clock.Now.InUtc().Date).Own(key, label));
    }

    private static IResult Keys(Simulation simulation, HttpRequest request)
    {
        var given = request.Query["offset"].ToString();
        if (!int.TryParse(given.Length == 0 ? "0" : given, NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
        {
            return Error(StatusCodes.Status400BadRequest, "Invalid request parameters");
        }

        var (ended, today) = (Ended(simulation).ToLookup(made => made.Agent.Key), simulation.Clock.Now.InUtc().Date);
        return Data(simulation.World.Directory.Agents.Select(agent => agent.Key).Skip(offset).Take(KeysPage)
            .Select(key => KeyUsage.Of([.. ended[key]], today).Listed(key)).ToList());
    }
}
