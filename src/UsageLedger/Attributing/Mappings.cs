using System.Collections.Frozen;
using UsageLedger.Recording;

namespace UsageLedger.Attributing;

/// <summary>
/// A tenant's mappings of one provider. Of the keys that a record names the one that says most counts first: metadata that the
/// client's own code wrote, then the key that was called with, then the number, then the agent; among metadata the first name.
/// </summary>
public sealed class Mappings
{
    public static readonly Mappings None = new([]);

    /// <summary>What the names of the attributes begin with, in the order in which they count.</summary>
    private static readonly string[] Precedence = [MappingKeys.Meta, MappingKeys.ApiKey, MappingKeys.Number, MappingKeys.Agent];

    private readonly FrozenDictionary<(string Attribute, string Value), Mapping[]> byKey;

    public Mappings(IEnumerable<Mapping> mappings) => byKey = mappings
        .GroupBy(mapping => (mapping.Key.Attribute, mapping.Key.Value))
        .ToFrozenDictionary(group => group.Key, group => group.ToArray());

    /// <summary>The record with the client, and the agent, that a mapping gives it; as it is when it names a client itself, or nothing claims it.</summary>
    public UsageRecord Apply(UsageRecord record) =>
        ClaimOf(record) is { } claim ? claim.Attribute(record) : record;

    /// <summary>The mapping that claims the record at the instant when it occurred.</summary>
    public Mapping? ClaimOf(UsageRecord record) => record.ClientId is not null || byKey.Count == 0 ? null : Precedence
        .SelectMany(prefix => record.Attributes.Where(attribute => attribute.Name.StartsWith(prefix, StringComparison.Ordinal)))
        .Select(attribute => byKey.GetValueOrDefault((attribute.Name, attribute.Value))?.FirstOrDefault(mapping => mapping.IsValidAt(record.OccurredAt)))
        .FirstOrDefault(claim => claim is not null);
}
