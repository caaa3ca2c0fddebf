namespace UsageLedger;

/// <summary>The stored names of the events. They are in the log for ever and never change.</summary>
public static class EventTypes
{
    public const string UsageRecorded = "usage_recorded";
    public const string UsageRevised = "usage_revised";
    public const string UsageVoided = "usage_voided";
    public const string ClientRegistered = "client_registered";
    public const string CycleClosed = "cycle_closed";

    /// <summary>Those that come with every record, of which the log keeps no list of positions.</summary>
    public static readonly IReadOnlySet<string> Bulk = new HashSet<string> { UsageRecorded, UsageRevised, UsageVoided };

    /// <summary>Those that are about a usage recorded earlier.</summary>
    public static readonly IReadOnlySet<string> AboutUsage = new HashSet<string> { UsageRevised, UsageVoided };
}
