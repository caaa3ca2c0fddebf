using UsageLedger.Attributing;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Reading;
using UsageLedger.Recording;

namespace UsageLedger.Explaining;

/// <summary>A tenant's mappings as they were at any position.</summary>
internal sealed class MappingsAt
{
    private readonly List<(long Position, Mapping Mapping)> set = [];
    private (int Count, TenantMappings Mappings) made = (0, new TenantMappings([], 0));

    public static async Task<MappingsAt> LoadAsync(LogReader reader, string tenant, CancellationToken ct)
    {
        var mappings = new MappingsAt();
        await foreach (var stored in reader.StreamAsync(tenant, StreamNames.Mappings, 0, ct))
        {
            if (stored.Type == EventTypes.MappingSet)
            {
                mappings.set.Add((stored.Position, UnreadableEventException.Read(stored, told => MappingSet.Read(told.Data).Mapping)));
            }
        }

        return mappings;
    }

    /// <summary>The id of the mapping that gave the record its client when it was recorded; null if the record named its client itself, or is gone.</summary>
    public string? ClaimOf(StoredEvent recorded)
    {
        if (recorded.Type != EventTypes.UsageRecorded)
        {
            return null;
        }

        var record = UnreadableEventException.Read(recorded, told => UsageRecordJson.Read(told.Data));
        return record.Attributes.Any(MappingKeys.IsOne) && At(recorded.Position).ClaimOf(record with { ClientId = null }) is { } claim && claim.ClientId == record.ClientId
            ? claim.Id
            : null;
    }

    private TenantMappings At(long position)
    {
        var count = set.FindIndex(one => one.Position >= position) is var at and >= 0 ? at : set.Count;
        if (made.Count != count)
        {
            made = (count, new TenantMappings(set.Take(count).GroupBy(one => one.Mapping.Id).Select(versions => versions.Last().Mapping), count));
        }

        return made.Mappings;
    }
}
