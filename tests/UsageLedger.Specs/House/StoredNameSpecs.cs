using System.Reflection;

namespace UsageLedger.Specs.House;

/// <summary>The names of events are in the log for ever: a new one is added here, none is changed or removed.</summary>
public sealed class StoredNameSpecs
{
    private static readonly Dictionary<string, string> Stored = new(StringComparer.Ordinal)
    {
        ["UsageRecorded"] = "usage_recorded",
        ["UsageRevised"] = "usage_revised",
        ["UsageVoided"] = "usage_voided",
        ["ClientRegistered"] = "client_registered",
        ["CycleClosed"] = "cycle_closed",
        ["SourceConfigured"] = "source_configured",
        ["CredentialSet"] = "credential_set",
        ["CredentialRead"] = "credential_read",
        ["CredentialResealed"] = "credential_resealed",
        ["MappingSet"] = "mapping_set",
        ["UsageAttributed"] = "usage_attributed",
        ["CollectionStarted"] = "collection_started",
        ["CollectionCompleted"] = "collection_completed",
        ["CollectionFailed"] = "collection_failed",
        ["VendorTotalsReported"] = "vendor_totals_reported",
        ["DayRolledUp"] = "day_rolled_up",
        ["TelephonyLinked"] = "telephony_linked",
        ["InboxItemDropped"] = "inbox_item_dropped",
        ["ProviderInvoiceReceived"] = "provider_invoice_received",
        ["ProviderInvoiceLines"] = "provider_invoice_lines",
        ["ReconciliationMade"] = "reconciliation_made",
        ["ReconciliationLines"] = "reconciliation_lines",
        ["ReconciliationSignedOff"] = "reconciliation_signed_off",
        ["AnomaliesEvaluated"] = "anomalies_evaluated",
        ["AnomalyOpened"] = "anomaly_opened",
        ["AnomalyResolved"] = "anomaly_resolved",
        ["AnomalyAcknowledged"] = "anomaly_acknowledged"
    };

    [Fact]
    public void Stored_names_of_events_never_change() => Changed(Constants(typeof(EventTypes))).ShouldBeEmpty();

    [Fact]
    public void A_changed_a_lost_and_a_new_name_are_found()
    {
        Changed(Constants(typeof(Planted))).ShouldBe(Stored.Keys, ignoreOrder: true);
        Changed([.. Stored, new("Unlisted", "unlisted")]).ShouldBe(["Unlisted"]);
    }

    private static List<KeyValuePair<string, string>> Constants(Type names) =>
    [
        .. names.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)
            .Where(field => field.IsLiteral && field.FieldType == typeof(string))
            .Select(field => KeyValuePair.Create(field.Name, (string)field.GetRawConstantValue()!))
    ];

    /// <summary>Names that are not in both lists with the same stored form.</summary>
    private static IEnumerable<string> Changed(IReadOnlyCollection<KeyValuePair<string, string>> names) =>
        names.Except(Stored).Concat(Stored.Except(names)).Select(name => name.Key).Distinct();

    private static class Planted
    {
        public const string UsageVoided = "usage_cancelled";
    }
}
