namespace UsageLedger;

/// <summary>The stored names of the events. They are in the log for ever and never change.</summary>
public static class EventTypes
{
    public const string UsageRecorded = "usage_recorded";
    public const string UsageRevised = "usage_revised";
    public const string UsageVoided = "usage_voided";
    public const string ClientRegistered = "client_registered";
    public const string CycleClosed = "cycle_closed";
    public const string SourceConfigured = "source_configured";
    public const string CredentialSet = "credential_set";
    public const string CredentialRead = "credential_read";
    public const string CredentialResealed = "credential_resealed";
    public const string MappingSet = "mapping_set";
    public const string UsageAttributed = "usage_attributed";
    public const string CollectionStarted = "collection_started";
    public const string CollectionCompleted = "collection_completed";
    public const string CollectionFailed = "collection_failed";
    public const string VendorTotalsReported = "vendor_totals_reported";
    public const string DayRolledUp = "day_rolled_up";
    public const string TelephonyLinked = "telephony_linked";
    public const string InboxItemDropped = "inbox_item_dropped";
    public const string ProviderInvoiceReceived = "provider_invoice_received";
    public const string ProviderInvoiceLines = "provider_invoice_lines";
    public const string ReconciliationMade = "reconciliation_made";
    public const string ReconciliationLines = "reconciliation_lines";
    public const string ReconciliationSignedOff = "reconciliation_signed_off";
    public const string AnomaliesEvaluated = "anomalies_evaluated";
    public const string AnomalyOpened = "anomaly_opened";
    public const string AnomalyResolved = "anomaly_resolved";
    public const string AnomalyAcknowledged = "anomaly_acknowledged";

    /// <summary>Those that come with every record, of which the log keeps no list of positions.</summary>
    public static readonly IReadOnlySet<string> Bulk = new HashSet<string> { UsageRecorded, UsageRevised, UsageVoided, UsageAttributed };

    /// <summary>Those that are about a usage recorded earlier.</summary>
    public static readonly IReadOnlySet<string> AboutUsage = new HashSet<string> { UsageRevised, UsageVoided, UsageAttributed };
}
