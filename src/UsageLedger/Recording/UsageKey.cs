using UsageLedger.EventLog;

namespace UsageLedger.Recording;

/// <summary>What makes a usage one usage, for ever: never a time, never a hash of its content.</summary>
public readonly record struct UsageKey(string Tenant, string Source, string IdempotencyKey)
{
    /// <summary>The id of the usage and of its first event.</summary>
    public Guid Id => DeterministicId.Of("usage", Tenant, Source, IdempotencyKey);
}
