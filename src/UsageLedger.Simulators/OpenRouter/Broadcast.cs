using System.Globalization;
using System.Text.Json;
using NodaTime;
using UsageLedger.Simulators.World;

namespace UsageLedger.Simulators.OpenRouter;

/// <summary>
/// A generation as broadcast: OTLP/JSON with a root span and its children, each in its own resource, all naming the generation. Half of them
/// spell attributes as observed (numbers, <c>input_tokens</c>), half as documented (strings, <c>prompt_tokens</c>); a few tell no cost.
/// </summary>
internal static class Broadcast
{
    private const int WithoutCost = 50;

    public static byte[] Of(Generation made, long seed)
    {
        var dice = Dice.For(seed, "broadcast:" + made.Id);
        var isDocumented = dice.PerMille(500);
        var hasCost = !dice.PerMille(WithoutCost);
        var (trace, root) = (dice.Hex(32), dice.Hex(16));
        var childId = dice.PerMille(250) ? made.Id + ":attempt-0" : made.Id;
        return JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                resourceSpans = new[]
                {
                    Resource(made, Span(made, trace, root, null, "LLM Generation", 3, [.. Root(made, isDocumented, hasCost)])),
                    Resource(made, Span(made, trace, dice.Hex(16), root, "provider attempt 1: " + made.Model.ProviderName, 2, [.. Attempt(made, childId)])),
                    Resource(made, Span(made, trace, dice.Hex(16), root, "generation", 2, [Text("span.type", "span"), Text("gen_ai.response.id", made.Id)])),
                },
            },
            OpenRouterWire.Options);
    }

    private static object Resource(Generation made, object span) => new
    {
        resource = new { attributes = new[] { Text("service.name", "openrouter"), Text("openrouter.trace.id", made.Id), Text("service.version", "1.0.0") } },
        scopeSpans = new[] { new { scope = new { name = "openrouter" }, spans = new[] { span } } },
    };

    private static Dictionary<string, object> Span(Generation made, string trace, string id, string? parent, string name, int kind, List<object> attributes)
    {
        var span = new Dictionary<string, object> { ["traceId"] = trace, ["spanId"] = id };
        if (parent is not null)
        {
            span["parentSpanId"] = parent;
        }

        (span["name"], span["kind"]) = (name, kind);
        (span["startTimeUnixNano"], span["endTimeUnixNano"]) = (Nanoseconds(made.CreatedAt), Nanoseconds(made.EndedAt));
        (span["status"], span["attributes"]) = (new { code = 1 }, attributes);
        return span;
    }

    private static IEnumerable<object> Root(Generation made, bool isDocumented, bool hasCost)
    {
        var (input, output) = isDocumented ? ("prompt_tokens", "completion_tokens") : ("input_tokens", "output_tokens");
        yield return Text("span.type", "generation");
        yield return Text("gen_ai.operation.name", "chat");
        yield return Text("gen_ai.prompt", made.Words);
        yield return Text("gen_ai.request.model", made.Model.Id);
        yield return Text("gen_ai.response.model", made.Model.Id);
        yield return Text("gen_ai.response.id", made.Id);
        yield return Whole("gen_ai.usage." + input, made.PromptTokens, isDocumented);
        yield return Whole("gen_ai.usage." + output, made.CompletionTokens, isDocumented);
        yield return Whole("gen_ai.usage.total_tokens", made.PromptTokens + made.CompletionTokens, isDocumented);
        yield return Whole($"gen_ai.usage.{input}.cached", made.CachedTokens, isDocumented);
        yield return Whole($"gen_ai.usage.{output}.reasoning", made.ReasoningTokens, isDocumented);
        foreach (var cost in hasCost ? Costs(made) : [])
        {
            yield return cost;
        }

        yield return Text("trace.metadata.openrouter.api_key_name", made.Agent.Key.Name);
        yield return Text("trace.metadata.openrouter.provider_name", made.Model.ProviderName);
        if (made.NamesClient)
        {
            yield return Text("trace.metadata.client_id", made.Agent.ClientId);
            yield return Text("trace.metadata.agent_id", made.Agent.Id);
        }
    }

    private static IEnumerable<object> Costs(Generation made)
    {
        yield return Fraction("gen_ai.usage.total_cost", made.Cost);
        yield return Fraction("trace.metadata.openrouter_generation.usage", made.Cost);
        yield return new { key = "trace.metadata.openrouter_generation.is_byok", value = new { boolValue = made.IsByok } };
        if (made.IsByok)
        {
            yield return Fraction("trace.metadata.openrouter_generation.usage_upstream", made.UpstreamCost);
            yield break;
        }

        yield return Fraction("gen_ai.usage.input_cost", made.PromptCost);
        yield return Fraction("gen_ai.usage.output_cost", made.CompletionCost);
    }

    private static IEnumerable<object> Attempt(Generation made, string id)
    {
        yield return Text("span.type", "span");
        yield return Text("gen_ai.operation.name", "chat");
        yield return Text("gen_ai.response.id", id);
        yield return Text("span.metadata.endpoint_id", made.Model.EndpointId);
        yield return Text("span.metadata.model_permaslug", made.Model.Permaslug);
    }

    private static string Nanoseconds(Instant at) => $"{at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)}000000";

    private static object Text(string key, string value) => new { key, value = new { stringValue = value } };

    /// <summary>OTLP/JSON says a string; OpenRouter sends a number.</summary>
    private static object Whole(string key, int value, bool isText) =>
        isText ? new { key, value = new { intValue = value.ToString(CultureInfo.InvariantCulture) } } : new { key, value = new { intValue = value } };

    /// <summary>A whole amount comes as an integer, as JavaScript has no others.</summary>
    private static object Fraction(string key, decimal value) =>
        decimal.IsInteger(value) ? new { key, value = new { intValue = (long)value } } : new { key, value = new { doubleValue = value } };
}
