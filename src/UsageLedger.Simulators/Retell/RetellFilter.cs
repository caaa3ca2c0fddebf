using System.Text.Json;

namespace UsageLedger.Simulators.Retell;

/// <summary>What <c>filter_criteria</c> asks for, judged on calls as Retell writes them; all criteria must hold.</summary>
internal static class RetellFilter
{
    private static readonly Dictionary<string, (string Path, string[] Types)> Fields = new(StringComparer.Ordinal)
    {
        ["start_timestamp"] = ("start_timestamp", ["number", "range"]),
        ["end_timestamp"] = ("end_timestamp", ["number", "range"]),
        ["duration_ms"] = ("duration_ms", ["number", "range"]),
        ["combined_cost"] = ("call_cost.combined_cost", ["number", "range"]),
        ["call_id"] = ("call_id", ["string", "enum"]),
        ["from_number"] = ("from_number", ["string"]),
        ["to_number"] = ("to_number", ["string"]),
        ["call_status"] = ("call_status", ["enum"]),
        ["call_type"] = ("call_type", ["enum"]),
        ["direction"] = ("direction", ["enum"]),
        ["disconnection_reason"] = ("disconnection_reason", ["enum"]),
        ["data_storage_setting"] = ("data_storage_setting", ["enum"]),
        ["user_sentiment"] = ("call_analysis.user_sentiment", ["enum"]),
        ["in_voicemail"] = ("call_analysis.in_voicemail", ["boolean"]),
        ["call_successful"] = ("call_analysis.call_successful", ["boolean"]),
    };

    /// <exception cref="FormatException">It is not as documented, or asks for what no call of this world has.</exception>
    public static Func<JsonElement, bool> Read(JsonElement criteria)
    {
        if (criteria.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return _ => true;
        }

        if (criteria.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("filter_criteria is an object");
        }

        List<Func<JsonElement, bool>> tests = [.. criteria.EnumerateObject().Select(member => One(member.Name, member.Value))];
        return call => tests.TrueForAll(test => test(call));
    }

    private static Func<JsonElement, bool> One(string name, JsonElement filter) => name switch
    {
        "agent" => AnyAgent(filter),
        "metadata" => Every(filter, entry => Valued(entry, "metadata." + Text(entry, "key"))),
        _ when Fields.TryGetValue(name, out var field) => Valued(filter, field.Path, field.Types),
        _ => throw new FormatException($"filter_criteria.{name} is not known here")
    };

    private static Func<JsonElement, bool> AnyAgent(JsonElement filter)
    {
        var wanted = Items(filter).Select(agent => (
            Id: Text(agent, "agent_id"),
            Versions: agent.TryGetProperty("version", out var versions) ? Items(versions).Select(version => version.GetInt32()).ToList() : null)).ToList();
        return call => wanted.Exists(agent =>
            Text(call, "agent_id") == agent.Id && (agent.Versions is null || agent.Versions.Contains(call.GetProperty("agent_version").GetInt32())));
    }

    private static Func<JsonElement, bool> Every(JsonElement filter, Func<JsonElement, Func<JsonElement, bool>> read)
    {
        var tests = Items(filter).Select(read).ToList();
        return call => tests.TrueForAll(test => test(call));
    }

    private static Func<JsonElement, bool> Valued(JsonElement filter, string path, params string[] types)
    {
        var type = Text(filter, "type");
        if (types.Length > 0 && !types.Contains(type))
        {
            throw new FormatException($"{path} is filtered by {string.Join(" or ", types)}, not {type}");
        }

        var op = Text(filter, "op");
        if (type == "present")
        {
            return op switch { "pr" => call => At(call, path) is not null, "np" => call => At(call, path) is null, _ => throw Unknown(op) };
        }

        var value = filter.TryGetProperty("value", out var found) ? found : throw new FormatException($"{path} lacks a value");
        var test = Comparison.Of(type, op, value) ?? throw Unknown(op);
        return call => At(call, path) is { } actual && test(actual);
    }

    private static JsonElement? At(JsonElement call, string path)
    {
        foreach (var step in path.Split('.', 2))
        {
            if (call.ValueKind != JsonValueKind.Object || !call.TryGetProperty(step, out call))
            {
                return null;
            }
        }

        return call;
    }

    private static List<JsonElement> Items(JsonElement array) =>
        array.ValueKind == JsonValueKind.Array ? [.. array.EnumerateArray()] : throw new FormatException("an array is missing");

    private static string Text(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()! : throw new FormatException($"{name} is missing");

    private static FormatException Unknown(string op) => new($"op {op} is not known");
}
