using NodaTime;

namespace UsageLedger.Collecting;

/// <summary>What the ledger was told of one day, key, model and metric, in the source's own currency; voided usage too, for the vendor told it.</summary>
/// <param name="ApiKey">As the records name it (<see cref="Attributing.MappingKeys.ApiKey"/>).</param>
/// <param name="Remainder">Null: what was told item by item; else the idempotency key of the remainder that these figures are.</param>
/// <param name="ByokCost">Of the attribute <c>byokCost</c>.</param>
/// <param name="Pending">Records whose cost is not known.</param>
public sealed record CapturedSum(
    string? ApiKey, string? ResourceId, string Metric, string? Remainder, decimal Quantity, decimal Cost, decimal ByokCost, long Pending);

/// <summary>Asks for what the ledger was told of a source on a UTC day, all of it that was in the log when asked.</summary>
public delegate Task<IReadOnlyList<CapturedSum>> CapturedSums(LocalDate day, CancellationToken ct);
