using NodaTime;

namespace UsageLedger.Access;

/// <summary>A key as it is kept: everything but the secret.</summary>
public sealed record ApiKey(
    Guid Id, string Tenant, string Name, Scopes Scopes, Instant CreatedAt, Instant? ExpiresAt, Instant? RevokedAt, Instant? LastUsedAt)
{
    public bool IsGood(Instant now) => RevokedAt is null && (ExpiresAt is not { } end || now < end);
}
