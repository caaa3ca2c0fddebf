namespace UsageLedger.Collecting.Sources;

/// <summary>What is wrong with how a source is configured, in words for an operator: what was configured before a rule was made, or by two at once.</summary>
internal static class SourceFaults
{
    /// <param name="collector">Null: nobody knows its provider, nor its settings.</param>
    public static IReadOnlyList<string> Of(Source source, IEnumerable<Source> ofTenant, IUsageCollector? collector) =>
    [
        .. source.Settings.OrderBy(setting => setting.Key, StringComparer.Ordinal)
            .Select(setting => (setting.Key, Rule: collector?.BrokenSetting(setting.Key, setting.Value)))
            .Where(setting => setting.Rule is not null)
            .Select(setting => $"The setting {setting.Key} {setting.Rule}; it is taken as absent."),
        .. TelephonyPolicies.Contradicted(ofTenant).Contains(source.Id)
            ? [$"The setting {SourceSettings.TelephonyBilledBy} contradicts that of every source of the other vendor: telephone legs that both tell of are charged by none, or not as one of them says."]
            : Array.Empty<string>(),
    ];
}
