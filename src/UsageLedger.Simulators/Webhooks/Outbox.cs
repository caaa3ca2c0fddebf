using NodaTime;
using UsageLedger.Simulators.OpenRouter;
using UsageLedger.Simulators.Retell;
using UsageLedger.Simulators.Twilio;

namespace UsageLedger.Simulators.Webhooks;

/// <summary>Everything the vendors of a world tell, in the order of time, with what the faults do to it.</summary>
internal static class Outbox
{
    public static IReadOnlyList<SimWebhook> Of(Simulation simulation)
    {
        var world = simulation.World;
        var told = world.RetellCalls.SelectMany(call => RetellWebhooks.Of(call, simulation))
            .Concat(world.Messages.SelectMany(TwilioCallbacks.Of))
            .Concat(world.TwilioCalls.SelectMany(TwilioCallbacks.Of))
            .Concat(world.Generations.Select(made => Told(made, simulation)));
        return [.. told.Select(webhook => Late(webhook, simulation)).OrderBy(webhook => webhook.DueAt).ThenBy(webhook => webhook.Id, StringComparer.Ordinal)];
    }

    /// <summary>How often it is sent: never, once or twice.</summary>
    public static int Times(SimWebhook webhook, Simulation simulation) =>
        simulation.Plan.Happens("drop:" + webhook.Id, simulation.Faults.DroppedWebhooks) ? 0
        : simulation.Plan.Happens("repeat:" + webhook.Id, simulation.Faults.RepeatedWebhooks) ? 2 : 1;

    /// <summary>OpenRouter tries once, and signs nothing: it shows the secret.</summary>
    private static SimWebhook Told(Generation made, Simulation simulation) => new(
        "openrouter", null, made.Id, made.Id, made.EndedAt + Duration.FromSeconds(2), 0,
        (target, _) => new WebhookRequest(
            "application/json", Broadcast.Of(made, simulation.World.Plan.Seed),
            "Authorization", "Bearer " + (target.Secret ?? simulation.World.Directory.OpenRouterWebhookSecret)));

    /// <summary>Delayed by hours, or held back a minute so that what follows overtakes it.</summary>
    private static SimWebhook Late(SimWebhook webhook, Simulation simulation) =>
        simulation.Plan.Happens("delay:" + webhook.Id, simulation.Faults.DelayedWebhooks)
            ? webhook with { DueAt = webhook.DueAt + World.Dice.For(simulation.World.Plan.Seed, "by:" + webhook.Id).Within(Duration.FromHours(simulation.Faults.DelayHoursMax)) }
        : simulation.Plan.Happens("reorder:" + webhook.Id, simulation.Faults.ReorderedWebhooks) ? webhook with { DueAt = webhook.DueAt + Duration.FromMinutes(1) }
        : webhook;
}
