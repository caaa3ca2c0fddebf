using NodaTime;

namespace UsageLedger.Coverage;

/// <summary>How much of a source's usage was collected, hour by hour and day by day.</summary>
/// <param name="Coverage">The share of the expected hours that are covered; null: none was expected.</param>
/// <param name="CaptureRate">The share of what the vendor counts itself that the ledger holds; null: the vendor's totals are not known.</param>
/// <param name="WebhookShare">The share of the records found that came by webhook first; null: there are none.</param>
/// <param name="Hours">Those that are expected.</param>
/// <param name="Holes">What <c>fill</c> collects again: expected hours that are not covered, adjacent ones together.</param>
public sealed record SourceCoverage(
    string SourceId, string Provider, Instant From, Instant To, decimal? Coverage, decimal? CaptureRate, decimal? WebhookShare, CoverageGoals Goals,
    IReadOnlyList<CoverageHour> Hours, IReadOnlyList<CoverageDay> Days, IReadOnlyList<CoverageHole> Holes);

/// <summary>What is aimed at, and whether it is reached; null where the figure is not known.</summary>
/// <param name="Coverage">At least this.</param>
/// <param name="CaptureRate">More than this.</param>
public sealed record CoverageGoals(decimal Coverage, decimal CaptureRate, bool? CoverageReached, bool? CaptureRateReached);

/// <summary>An hour of a source; its counts are of vendor records.</summary>
/// <param name="ByWebhook">Told by webhook and by no run.</param>
/// <param name="ByPoll">Told by a run first.</param>
/// <param name="Both">Told by webhook first, and listed in a run too.</param>
/// <param name="Expected">What the vendor counts of the hour; null: it does not say.</param>
public sealed record CoverageHour(Instant Hour, long ByWebhook, long ByPoll, long Both, long? Expected, bool Covered);

/// <summary>A UTC day of a source against the vendor's own totals.</summary>
/// <param name="CaptureRate">Null: the vendor's totals of the day are not known.</param>
public sealed record CoverageDay(LocalDate Day, IReadOnlyList<CoverageMetric> Metrics, decimal? CaptureRate);

/// <summary>Records of a metric on a day.</summary>
/// <param name="Metric">Or several with + between, which the vendor counts together.</param>
/// <param name="Expected">What the vendor counts; null: it does not say.</param>
public sealed record CoverageMetric(string Metric, long? Expected, long Found, Instant? AsOf);

/// <summary>Adjacent hours that are not covered.</summary>
/// <param name="Hours">How many.</param>
/// <param name="Expected">
/// What the vendor counts of these hours; where it counts only days, what was found and all that the day lacks. Null: it does not say.
/// </param>
public sealed record CoverageHole(string SourceId, Instant From, Instant To, int Hours, long? Expected, long Found);
