using UsageLedger.Attributing;
using UsageLedger.Collecting;

namespace UsageLedger.Recording;

/// <summary>What is kept of a usage when a vendor tells of it once more.</summary>
public static class CollectedState
{
    /// <summary>
    /// The state after the record, which may be the known one. A known cost gives way only to another cost, and only to a polled
    /// one, never to a policy of who bills that is younger than it. Whose a usage is changes by mappings (<c>usage_attributed</c>) and by people, never by a vendor's repeating it, and a
    /// telling that does not name whose it is takes nothing away of one that did.
    /// </summary>
    public static UsageRecord After(UsageRecord incoming, UsageRecord known, RecordingMode mode)
    {
        if (mode == RecordingMode.Pushed && known.Cost is not null)
        {
            return known;
        }

        var next = incoming.Cost is null && known.Cost is not null
            ? incoming with { Cost = known.Cost, UnitCost = known.UnitCost, Currency = known.Currency }
            : TelephonyBilling.Kept(incoming, known);
        if (known.Attributes.Any(MappingKeys.IsOne) && !next.Attributes.Any(MappingKeys.IsOne))
        {
            next = next with { Attributes = Named(next, known) };
        }

        return known.ClientId is null ? next : next with { ClientId = known.ClientId, AgentId = known.AgentId };
    }

    private static NamedText[] Named(UsageRecord next, UsageRecord known) =>
        [.. next.Attributes.Concat(known.Attributes.Where(MappingKeys.IsOne)).OrderBy(attribute => attribute.Name, StringComparer.Ordinal)];
}
