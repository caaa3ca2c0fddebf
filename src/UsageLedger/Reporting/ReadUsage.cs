using NodaTime;
using UsageLedger.Cycles.Calendar;

namespace UsageLedger.Reporting;

/// <summary>Asks what was used within <c>[From, To)</c>, by the time of its occurrence, wherever it was booked.</summary>
/// <param name="ClientId">Null: of the whole tenant, unattributed usage included.</param>
/// <param name="Windows">Null: one window from end to end.</param>
/// <param name="After">The last row of the page before; null: from the first.</param>
public sealed record ReadUsage(
    string Tenant,
    string? ClientId,
    Instant From,
    Instant To,
    LocalWindows? Windows,
    UsageGroups Groups,
    UsageFilter Filter,
    UsagePlace? After,
    int Limit)
{
    public const int RowsMax = 10_000;

    /// <summary>How long events may be looked through for the parts of quarter hours at either end.</summary>
    public TimeSpan PartsWithin { get; init; } = TimeSpan.FromSeconds(90);
}

/// <summary>What rows are told apart by, beside their window, currency and (with metric) unit.</summary>
public sealed record UsageGroups(bool Provider, bool Metric, bool AgentId, bool ResourceId);

/// <summary>What to look at only; null: at everything.</summary>
public sealed record UsageFilter(string? Provider, string? Metric, string? AgentId);

/// <summary>A row's place in the order of rows; what is null or not told apart is empty.</summary>
public sealed record UsagePlace(Instant WindowStart, string Provider, string Metric, string AgentId, string ResourceId, string Unit, string Currency);

/// <summary>Usage of one kind in one window.</summary>
/// <param name="Unit">Null when metrics are not told apart: then quantities cannot be summed, and <paramref name="Quantity"/> is null too.</param>
/// <param name="Cost">The sum of the costs that are known.</param>
/// <param name="Records">Voided ones do not count; revised ones count once, where they are now.</param>
[System.Text.Json.Serialization.JsonConverter(typeof(UsageRowJson))]
public sealed record UsageRow(
    UsageGroups Groups,
    LocalWindow Window,
    string? Provider,
    string? Metric,
    string? AgentId,
    string? ResourceId,
    string? Unit,
    string? Quantity,
    string Cost,
    string Currency,
    long Records)
{
    internal UsagePlace Place =>
        new(Window.Start, Provider ?? "", Metric ?? "", AgentId ?? "", ResourceId ?? "", Unit ?? "", Currency);
}

/// <param name="Next">What to ask after; null when nothing follows.</param>
/// <param name="Position">Of the last event that the rows hold.</param>
public sealed record UsagePage(IReadOnlyList<UsageRow> Rows, UsagePlace? Next, long Position);

/// <summary>Either the page, or why this cannot be answered.</summary>
public sealed record UsageAnswer(UsagePage? Page, UsageRefusal Refusal = UsageRefusal.None);

/// <summary>Why usage cannot be told.</summary>
public enum UsageRefusal
{
    None,

    /// <summary>There are more windows than <see cref="UsageSpan.WindowsMax"/>.</summary>
    TooManyWindows,

    /// <summary>From or to lies within a quarter hour, and too much was recorded since to look through it in time.</summary>
    PartsTakeTooLong
}
