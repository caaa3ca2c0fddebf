using System.Text.Json.Serialization;
using NodaTime;

namespace UsageLedger.Reconciling.Reports;

/// <summary>What became of a line of an invoice, or of usage that no line names.</summary>
public enum LineStatus
{
    /// <summary>Both say the same, within the tolerance.</summary>
    Matched,
    MissingInLedger,
    MissingAtProvider,
    QuantityDiffers,
    PriceDiffers,

    /// <summary>The ledger has just this, at another time than the invoice says.</summary>
    PeriodDiffers
}

/// <summary>How far a line may be off and match all the same: either bound will do.</summary>
/// <param name="Absolute">In the invoice's currency; of the amount alone.</param>
/// <param name="Percent">Of what the vendor says; of the amount and of the quantity.</param>
public sealed record Tolerance(decimal Absolute, decimal Percent)
{
    public static readonly Tolerance None = new(0, 0);
}

/// <summary>What one side says of a line.</summary>
/// <param name="Quantity">Null: it counts in several units, so that no sum says anything.</param>
/// <param name="Records">Of the ledger: how many usages; of the vendor null.</param>
/// <param name="Pending">Of the ledger: how many of them without a cost yet.</param>
public sealed record ReportFigures(decimal? Quantity, decimal Cost, long? Records = null, long? Pending = null);

/// <summary>Where the ledger has what a line says, if not where the line says.</summary>
/// <param name="TimeZone">Whose day or period it is; null: of none.</param>
/// <param name="IsCounted">Whether the ledger's figures of the line are these: no other line is of that time.</param>
public sealed record FoundElsewhere(Instant Start, Instant End, string? TimeZone, decimal? Quantity, decimal Cost, bool IsCounted);

/// <summary>Half-open.</summary>
public sealed record ReportPeriod(Instant Start, Instant End);

/// <summary>A line of a reconciliation.</summary>
/// <param name="Line">From 1, over the whole report.</param>
/// <param name="InvoiceLine">Its id; null: no line of the invoice names this usage.</param>
/// <param name="Difference">What the vendor charges beyond what the ledger holds; negative: the ledger holds more.</param>
/// <param name="ResourceIs">Where no line names the usage: whether <paramref name="ResourceId"/> is the vendor's <c>record</c> or the <c>resource</c>.</param>
/// <param name="Shared">The first line of those that are held against the same usage together; null: this one alone is.</param>
public sealed record ReportLine(
    int Line, string? InvoiceLine, string Metric, string? ResourceId, LocalDate? Date, string? Unit, ReportPeriod Period, LineStatus Status,
    ReportFigures Ledger, ReportFigures Provider, decimal Difference, string? Explanation, FoundElsewhere? Found, string? ResourceIs, int? Shared);

/// <summary>Lines by status.</summary>
public sealed record StatusCounts(int Matched, int MissingInLedger, int MissingAtProvider, int QuantityDiffers, int PriceDiffers, int PeriodDiffers)
{
    [JsonIgnore]
    public bool AllMatch => this is { MissingInLedger: 0, MissingAtProvider: 0, QuantityDiffers: 0, PriceDiffers: 0, PeriodDiffers: 0 };
}

/// <summary>What the lines come to; exact.</summary>
/// <param name="Difference">Of the provider's less the ledger's: the sum of the lines' differences.</param>
/// <param name="Stated">The invoice's own total; null: it states none.</param>
/// <param name="StatedDifference">Of the stated total less the sum of the invoice's lines.</param>
public sealed record ReportTotals(decimal Ledger, decimal Provider, decimal Difference, decimal? Stated, decimal? StatedDifference);

/// <summary>Something about the whole of an invoice that no line can tell.</summary>
/// <param name="Code">A stable word for programs.</param>
public sealed record ReportFinding(string Code, string Message, decimal? Amount = null, long? Count = null);
