using System.Text.Json.Serialization;
using NodaTime;

namespace UsageLedger.Replaying;

/// <summary>An event with what it adds to a line, or takes from it.</summary>
/// <param name="UsageId">Of the usage that it is about.</param>
/// <param name="LeafHash">Of its entry in the tree, in hex.</param>
public sealed record AuditedUse(
    long Position, string Type, Guid? UsageId, Instant RecordedAt, string Quantity, string Cost, long Records, string LeafHash)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AuditedProof? Proof { get; init; }
}

/// <summary>The way from the leaf to the root (RFC 9162 2.1.3), and whether it leads there.</summary>
public sealed record AuditedProof(long LeafIndex, long TreeSize, IReadOnlyList<string> Path, bool Holds);
