using System.Globalization;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;

namespace UsageLedger.Collecting.Sources;

/// <summary>Configures a source, or configures it anew. Saying the same again changes nothing.</summary>
public sealed record ConfigureSource(Source Source, string CorrelationId);

/// <summary>What became of the command.</summary>
public enum ConfigureVerdict
{
    Configured,
    Unchanged,

    /// <summary>What was collected, and the cursor, are of another provider: that needs another source.</summary>
    ProviderFixed,

    /// <summary>Telephone legs that it and the tenant's other sources tell of would be charged by none of them, or by each.</summary>
    TelephonyContradicts,

    /// <summary>The tenant has as many as it may.</summary>
    TooMany,

    /// <summary>Others configured the source at every attempt.</summary>
    Busy,
}

/// <param name="IsNew">There was no source of this id.</param>
/// <param name="Position">Of the event that holds the configuration; 0 if it was refused.</param>
public sealed record ConfigureOutcome(ConfigureVerdict Verdict, bool IsNew, long Position);

/// <summary>Handles <see cref="ConfigureSource"/>.</summary>
public static class ConfigureSourceHandler
{
    public const int SourcesMax = 1_000;

    private const int AttemptsMax = 5;

    public static async Task<ConfigureOutcome> Handle(ConfigureSource command, SourceStore sources, LogAppender log, CancellationToken ct)
    {
        var (source, data) = (command.Source, new SourceConfigured(command.Source).ToCanonical());
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var all = await sources.LatestAsync(source.Tenant, ct);
            var known = all.GetValueOrDefault(source.Id);
            var verdict = Decide(known, [.. all.Values.Select(other => other.Value)], source, data);
            if (verdict != ConfigureVerdict.Configured)
            {
                return new ConfigureOutcome(verdict, false, verdict == ConfigureVerdict.Unchanged ? known!.Event.Position : 0);
            }

            // The id counts the configurations, so of two at once one is found to be known, and looks again.
            var ordinal = ((known?.Count ?? 0) + 1).ToString(CultureInfo.InvariantCulture);
            var id = DeterministicId.Of(EventTypes.SourceConfigured, source.Tenant, source.Id, ordinal);
            var added = new NewEvent(id, StreamNames.OfSource(source.Id), EventTypes.SourceConfigured, data);
            var outcome = await log.AppendAsync(new AppendRequest(source.Tenant, command.CorrelationId, [new AppendItem(id, added)]), ct);
            if (outcome.Items[0].Appended > 0)
            {
                return new ConfigureOutcome(ConfigureVerdict.Configured, known is null, outcome.Items[0].Position);
            }
        }

        return new ConfigureOutcome(ConfigureVerdict.Busy, false, 0);
    }

    private static ConfigureVerdict Decide(Latest<Source>? known, IReadOnlyList<Source> all, Source source, CanonicalJson data) =>
        known is null && all.Count >= SourcesMax ? ConfigureVerdict.TooMany
        : known is not null && known.Event.Data == data ? ConfigureVerdict.Unchanged
        : known is not null && known.Value.Provider != source.Provider ? ConfigureVerdict.ProviderFixed
        : Contradicts(all, source) ? ConfigureVerdict.TelephonyContradicts
        : ConfigureVerdict.Configured;

    /// <summary>Whether it is this configuration that does: what contradicts already must not stand in the way of others.</summary>
    private static bool Contradicts(IReadOnlyList<Source> all, Source source) => TelephonyPolicies
        .Contradicted(all.Where(other => other.Id != source.Id).Append(source)).Except(TelephonyPolicies.Contradicted(all)).Any();
}
