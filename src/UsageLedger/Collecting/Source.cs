using NodaTime;

namespace UsageLedger.Collecting;

/// <summary>A configured vendor account, from which usage is collected.</summary>
/// <param name="Schedule">When runs are due, as a cron expression in UTC; null: only on demand.</param>
/// <param name="LookBack">How far before its cursor a run begins again, because vendors tell late and change what they told.</param>
/// <param name="Settings">What only this provider's accounts have; the collector names them.</param>
public sealed record Source(
    string Tenant, string Id, string Provider, Uri BaseUrl, string? Schedule, Duration LookBack, IReadOnlyDictionary<string, string> Settings);
