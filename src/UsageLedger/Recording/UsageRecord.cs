using NodaTime;

namespace UsageLedger.Recording;

/// <summary>What a source reports as used: normalised, with its defaults filled in. Equal when its canonical form is.</summary>
public sealed record UsageRecord
{
    public required string Source { get; init; }

    public required string IdempotencyKey { get; init; }

    public required string Provider { get; init; }

    public required string Metric { get; init; }

    public required decimal Quantity { get; init; }

    public required string Unit { get; init; }

    public decimal? UnitCost { get; init; }

    /// <summary>Null is pending: not known yet, and not zero.</summary>
    public decimal? Cost { get; init; }

    public required string Currency { get; init; }

    /// <summary>Null is unattributed.</summary>
    public string? ClientId { get; init; }

    public string? AgentId { get; init; }

    public string? ResourceId { get; init; }

    /// <summary>To the microsecond.</summary>
    public required Instant OccurredAt { get; init; }

    /// <summary>The source named no time, so that of receipt stands in.</summary>
    public bool OccurredAtAssumed { get; init; }

    /// <summary>In ordinal order of their names, each once.</summary>
    public IReadOnlyList<NamedText> Attributes { get; init; } = [];

    public UsageKey Key(string tenant) => new(tenant, Source, IdempotencyKey);

    /// <summary>The stream that holds the events of this usage while this is its state.</summary>
    public string Stream => ClientId is null ? StreamNames.Unattributed(Source) : StreamNames.OfClient(ClientId);

    public bool Equals(UsageRecord? other) =>
        other is not null && (ReferenceEquals(this, other) || UsageRecordJson.Write(this) == UsageRecordJson.Write(other));

    public override int GetHashCode() => HashCode.Combine(Source, IdempotencyKey);
}
