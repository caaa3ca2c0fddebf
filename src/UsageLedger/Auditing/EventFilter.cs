using NodaTime;
using UsageLedger.Answering;

namespace UsageLedger.Auditing;

/// <summary>Which events an auditor asks for; what is null does not matter.</summary>
/// <param name="Source">That of the record that the event is about.</param>
/// <param name="From">Recorded at or after.</param>
/// <param name="To">Recorded before.</param>
public sealed record EventFilter(
    string Tenant, string? ClientId, string? Source, IReadOnlyList<string> Types, Instant? From, Instant? To, string? CorrelationId)
{
    private const int TypesMax = 20;

    /// <summary>The streams of the client, or null for those of everybody.</summary>
    public string[]? Streams => ClientId is null ? null : [StreamNames.OfClient(ClientId), StreamNames.OfRegistration(ClientId), StreamNames.OfAnomalies(ClientId)];

    /// <summary>Whether only types are asked for of which the log keeps a list.</summary>
    public bool HasListedTypesOnly => Types.Count > 0 && !Types.Any(EventTypes.Bulk.Contains);

    /// <summary>What breaks a rule is noted in the fields.</summary>
    public static EventFilter Read(string tenant, QueryFields fields)
    {
        var filter = new EventFilter(
            tenant, fields.Text("clientId"), fields.Text("sourceId"), [.. fields.Texts("type", TypesMax).Distinct()],
            fields.Instant("from"), fields.Instant("to"), fields.Text("correlationId"));
        if (filter.From >= filter.To)
        {
            fields.Refuse("to", "out_of_range", "must be later than from");
        }

        if (filter.Types.Any(type => !type.All(letter => letter is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_')))
        {
            fields.Refuse("type", "unknown_word", "must be the name of an event type, such as usage_recorded");
        }

        return filter;
    }
}
