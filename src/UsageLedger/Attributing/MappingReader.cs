using UsageLedger.Answering;

namespace UsageLedger.Attributing;

/// <summary>Reads the body of <c>PUT /v1/mappings/{id}</c>.</summary>
internal static class MappingReader
{
    public static (Mapping? Mapping, Problem? Problem) Read(CommandFields fields, string id, NumberHash numbers)
    {
        var provider = fields.RequiredText("provider");
        var text = fields.RequiredText("key", MappingKeyReader.TextMax);
        var key = MappingKeyReader.Read(text, numbers);
        if (text.Length > 0 && key is null)
        {
            fields.Refuse("key", "invalid_key", "must be agent:ID, number:NUMBER with 3 to 15 digits, apikey:ID or meta:NAME=VALUE");
        }

        var (client, agent) = (fields.RequiredId("clientId"), fields.Text("agentId"));
        var (from, to) = (fields.Instant("validFrom"), fields.Instant("validTo"));
        if (from >= to)
        {
            fields.Refuse("validTo", "not_after_start", "must be after validFrom");
        }

        return fields.Problem() is { } problem ? (null, problem) : (new Mapping(id, provider, key!, client, agent, from, to), null);
    }
}
