using System.Security.Cryptography;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.EventLog.Verifying;

/// <summary>What the log is held against besides itself.</summary>
public sealed record VerifyOptions
{
    /// <summary>Types of which no list of positions is kept.</summary>
    public IReadOnlySet<string> BulkTypes { get; init; } = new HashSet<string>();

    /// <summary>Types whose events are about an earlier one and must be findable from it.</summary>
    public IReadOnlySet<string> SubjectTypes { get; init; } = new HashSet<string>();

    /// <summary>The id of the event that such an event is about; null: any earlier event will do.</summary>
    public Func<StoredEvent, Guid?>? SubjectOf { get; init; }

    /// <summary>Signed notes kept outside the database, which must hold them too.</summary>
    public IReadOnlyList<KeptCheckpoint> Kept { get; init; } = [];

    /// <summary>Public keys (PEM) kept outside the database, which must know those that signed what was kept.</summary>
    public IReadOnlyList<string> TrustedKeys { get; init; } = [];

    /// <summary>Those of the signers that are none of the trusted keys; none where no key is kept to compare with.</summary>
    internal IReadOnlyList<string> UnknownAmong(IEnumerable<string> signers) =>
        TrustedKeys.Count == 0 ? [] : [.. signers.Except(TrustedKeys).Select(Fingerprint).Order(StringComparer.Ordinal)];

    private static string Fingerprint(string pem) => Convert.ToHexStringLower(SHA256.HashData(VerifyingKey.FromPem(pem).SubjectPublicKeyInfo.Span));
}

/// <param name="KeptAt">Where it was kept, as the report names it.</param>
public sealed record KeptCheckpoint(string KeptAt, string Note)
{
    /// <summary>A file of which a power cut left the name alone. It says nothing against the log: whoever could empty it could delete it.</summary>
    public bool IsEmpty => Note.AsSpan().TrimEnd('\0').IsEmpty;
}
