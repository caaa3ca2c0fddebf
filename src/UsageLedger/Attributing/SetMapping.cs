using System.Collections.Immutable;
using System.Globalization;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;

namespace UsageLedger.Attributing;

/// <summary>Makes a mapping, or puts another in its place from now on. Saying the same again changes nothing.</summary>
public sealed record SetMapping(string Tenant, Mapping Mapping, string CorrelationId);

/// <summary>What became of the command.</summary>
public enum SetMappingVerdict
{
    Set,
    Unchanged,

    /// <summary>Another mapping claims usage under the same key at some instant.</summary>
    Overlap,

    /// <summary>The tenant has as many as it may.</summary>
    TooMany,

    /// <summary>Others set mappings at every attempt.</summary>
    Busy,
}

/// <param name="IsNew">There was no mapping of this id.</param>
/// <param name="Position">Of the event that holds the mapping; 0 if it was refused.</param>
/// <param name="Other">The id of the mapping that overlaps.</param>
public sealed record SetMappingOutcome(SetMappingVerdict Verdict, bool IsNew, long Position, string? Other);

/// <summary>Handles <see cref="SetMapping"/>.</summary>
public static class SetMappingHandler
{
    public const int MappingsMax = 100_000;

    private const int AttemptsMax = 10;

    public static async Task<SetMappingOutcome> Handle(SetMapping command, MappingStore mappings, LogAppender log, CancellationToken ct)
    {
        await mappings.Turn.WaitAsync(ct);
        try
        {
            return await SetAsync(command, mappings, log, ct);
        }
        finally
        {
            mappings.Turn.Release();
        }
    }

    private static async Task<SetMappingOutcome> SetAsync(SetMapping command, MappingStore mappings, LogAppender log, CancellationToken ct)
    {
        var data = new MappingSet(command.Mapping).ToCanonical();
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var all = await mappings.LatestAsync(command.Tenant, ct);
            if (Refused(all, command.Mapping, data) is { } refused)
            {
                return refused;
            }

            // Only this stream has mappings, so its version stands for all that was looked at.
            var version = MappingStore.VersionOf(all);
            var id = DeterministicId.Of(EventTypes.MappingSet, command.Tenant, (version + 1).ToString(CultureInfo.InvariantCulture));
            var added = new NewEvent(id, StreamNames.Mappings, EventTypes.MappingSet, data);
            var outcome = await log.AppendAsync(
                new AppendRequest(command.Tenant, command.CorrelationId, [new AppendItem(id, added)], [new ExpectedVersion(StreamNames.Mappings, version)]), ct);
            if (!outcome.VersionConflict)
            {
                return new SetMappingOutcome(SetMappingVerdict.Set, !all.ContainsKey(command.Mapping.Id), outcome.Items[0].Position, null);
            }
        }

        return new SetMappingOutcome(SetMappingVerdict.Busy, false, 0, null);
    }

    private static SetMappingOutcome? Refused(ImmutableSortedDictionary<string, Latest<Mapping>> all, Mapping mapping, CanonicalJson data)
    {
        var known = all.GetValueOrDefault(mapping.Id);
        var other = all.Values.FirstOrDefault(one => one.Value.Id != mapping.Id && one.Value.Overlaps(mapping));
        return known?.Event.Data == data ? new SetMappingOutcome(SetMappingVerdict.Unchanged, false, known.Event.Position, null)
            : other is not null ? new SetMappingOutcome(SetMappingVerdict.Overlap, false, 0, other.Value.Id)
            : known is null && all.Count >= MappingsMax ? new SetMappingOutcome(SetMappingVerdict.TooMany, false, 0, null)
            : null;
    }
}
