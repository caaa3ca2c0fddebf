using System.Text.Json.Nodes;

namespace UsageLedger.IntegrationSpecs.Running;

/// <summary>Usage records as a sender writes them; long past, so that they are valid by every clock.</summary>
internal static class Usage
{
    private const string Call = """
        {
          "idempotencyKey": "call-1", "provider": "retell", "metric": "call.seconds", "quantity": "61.5", "unit": "second",
          "unitCost": "0.002", "clientId": "contoso", "agentId": "agent-7", "occurredAt": "2024-10-01T10:00:00Z"
        }
        """;

    /// <summary>A record in which some members are other than usual; those set to nothing are left out.</summary>
    public static string Record(string key, params (string Name, JsonNode? Value)[] members)
    {
        var record = JsonNode.Parse(Call)!.AsObject();
        record["idempotencyKey"] = key;
        foreach (var (name, value) in members)
        {
            if (value is null)
                record.Remove(name);
            else
                record[name] = value;
        }

        return record.ToJsonString();
    }

    public static string Array(params IEnumerable<string> records) => $"[{string.Join(',', records)}]";

    public static string Array(int count, string prefix) => Array(Enumerable.Range(0, count).Select(index => Record($"{prefix}-{index}")));
}
