using System.Globalization;
using NodaTime;
using NodaTime.Text;
using UsageLedger.Simulators.OpenRouter;
using UsageLedger.Simulators.Retell;
using UsageLedger.Simulators.Twilio;
using UsageLedger.Simulators.World;

namespace UsageLedger.Simulators.Truth;

/// <summary>What the vendors charge in the end, item by item, whatever was told on the way.</summary>
public static class TrueBill
{
    private static readonly Dictionary<string, string> NoDetails = [];

    public static IEnumerable<TruthItem> Of(SimWorld world) =>
        world.RetellCalls.SelectMany(Items).Concat(world.Messages.Select(Item)).Concat(world.TwilioCalls.Select(Item)).Concat(world.Generations.Select(Item));

    private static IEnumerable<TruthItem> Items(RetellCall call) => call.Products.Select(product => new TruthItem(
        "retell", "retell", call.CallId, "product", product.Name, product.IsTransferLeg, call.Agent.ClientId, call.Agent.Id,
        call.NamesClient ? ["agent:" + call.Agent.RetellAgentId, "meta:client_id=" + call.Agent.ClientId] : ["agent:" + call.Agent.RetellAgentId],
        Text(product.Seconds), "second", Text(product.Cost.Final / 100), Text(call.EndedAt), Text(product.Cost.ChangesAt),
        call.TwilioCallSid is { } sid ? new Dictionary<string, string> { ["twilioCallSid"] = sid } : NoDetails));

    private static TruthItem Item(TwilioMessage message) => new(
        "twilio", message.Account.Sid, message.Sid, "message", null, false, message.Agent.ClientId, message.Agent.Id, ["number:" + message.Number],
        Text(message.Segments), "segment", Cost(message.Price), Text(message.SentAt), Text(message.Price?.ChangesAt ?? message.SentAt),
        new Dictionary<string, string> { ["direction"] = message.Direction, ["media"] = Text(message.Media), ["status"] = message.Status });

    private static TruthItem Item(TwilioCall call) => new(
        "twilio", call.Account.Sid, call.Sid, "call", null, false, call.Agent.ClientId, call.Agent.Id, ["number:" + call.Number],
        Text(call.Seconds), "second", Cost(call.Price), Text(call.EndedAt), Text(call.Price?.ChangesAt ?? call.EndedAt),
        new Dictionary<string, string> { ["direction"] = call.Direction, ["minutes"] = Text(call.Minutes), ["status"] = call.Status });

    private static TruthItem Item(Generation made) => new(
        "openrouter", "openrouter", made.Id, "generation", null, false, made.Agent.ClientId, made.Agent.Id,
        made.NamesClient
            ? ["apikey:" + made.Agent.Key.Hash, "apikey:" + made.Agent.Key.Name, "meta:client_id=" + made.Agent.ClientId, "meta:agent_id=" + made.Agent.Id]
            : ["apikey:" + made.Agent.Key.Hash, "apikey:" + made.Agent.Key.Name],
        Text(made.PromptTokens + made.CompletionTokens), "token", Text(made.Cost), Text(made.EndedAt), Text(made.KnownAt),
        new Dictionary<string, string>
        {
            ["model"] = made.Model.Id, ["promptTokens"] = Text(made.PromptTokens), ["cachedTokens"] = Text(made.CachedTokens),
            ["completionTokens"] = Text(made.CompletionTokens), ["reasoningTokens"] = Text(made.ReasoningTokens),
            ["promptCost"] = Text(made.PromptCost), ["completionCost"] = Text(made.CompletionCost),
            ["byok"] = made.IsByok ? "true" : "false", ["upstreamCost"] = made.IsByok ? Text(made.UpstreamCost) : "0",
        });

    private static string? Cost(SimPrice? price) => price is null ? null : Text(-price.Final);

    private static string Text(decimal number) => number.ToString("0.############################", CultureInfo.InvariantCulture);

    private static string Text(Instant at) => InstantPattern.ExtendedIso.Format(at);
}
