using NodaTime;

namespace UsageLedger.Attributing;

/// <summary>A mapping as reads answer it.</summary>
/// <param name="Key">Of a phone number only the last digits.</param>
/// <param name="Position">Of the event that holds this mapping.</param>
public sealed record MappingView(
    string Id, string Provider, string Key, string ClientId, string? AgentId, Instant? ValidFrom, Instant? ValidTo, long Position)
{
    internal static MappingView Of(Mapping mapping, long position) => new(
        mapping.Id, mapping.Provider, mapping.Key.Shown, mapping.ClientId, mapping.AgentId, mapping.ValidFrom, mapping.ValidTo, position);
}
