using System.Collections.Frozen;
using UsageLedger.Recording;

namespace UsageLedger.Attributing;

/// <summary>All mappings of a tenant at one version of their stream.</summary>
internal sealed class TenantMappings
{
    private readonly FrozenDictionary<string, Mappings> byProvider;

    public TenantMappings(IEnumerable<Mapping> mappings, long version)
    {
        var all = mappings.ToList();
        Version = version;
        Attributes = all.Select(mapping => mapping.Key.Attribute).ToHashSet(StringComparer.Ordinal);
        byProvider = all.GroupBy(mapping => mapping.Provider).ToFrozenDictionary(group => group.Key, group => new Mappings(group));
    }

    public long Version { get; }

    /// <summary>What the mappings ask of a record.</summary>
    public IReadOnlySet<string> Attributes { get; }

    public Mapping? ClaimOf(UsageRecord record) => byProvider.GetValueOrDefault(record.Provider)?.ClaimOf(record);
}
