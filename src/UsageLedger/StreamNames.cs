namespace UsageLedger;

/// <summary>The names of the streams.</summary>
public static class StreamNames
{
    /// <summary>The usage of a client.</summary>
    public static string OfClient(string clientId) => "client-" + clientId;

    /// <summary>The usage that no client has claimed yet.</summary>
    public static string Unattributed(string source) => "unattributed-" + source;

    /// <summary>How a source is configured, its credentials' life, and its runs.</summary>
    public static string OfSource(string sourceId) => "source-" + sourceId;

    /// <summary>Every mapping of a tenant: one stream, so that two that overlap cannot both be set.</summary>
    public const string Mappings = "mappings";

    /// <summary>When a tenant's days were complete.</summary>
    public const string Rollups = "rollups";

    /// <summary>What is agreed with a client: its calendar, and the cycles closed under it.</summary>
    public static string OfRegistration(string clientId) => "registration-" + clientId;

    /// <summary>A vendor's invoice, and its reconciliations.</summary>
    public static string OfInvoice(Guid invoiceId) => "invoice-" + invoiceId.ToString("D");

    /// <summary>Which hours of a tenant were held against what is usual: one stream, so that no hour is judged twice.</summary>
    public const string AnomalyHours = "anomaly-hours";

    /// <summary>What was unusual in the usage of a client. What was unusual in the runs of a source is in the source's stream.</summary>
    public static string OfAnomalies(string clientId) => "anomalies-" + clientId;
}
