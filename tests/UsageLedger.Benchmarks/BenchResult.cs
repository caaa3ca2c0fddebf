namespace UsageLedger.Benchmarks;

/// <summary>One figure beside its raw limit of the same run.</summary>
/// <param name="Limit">What the limit is, in words.</param>
/// <param name="HostPeakMb">Of a host process of its own; null where the benchmark's process, which holds all its input ready, does the work.</param>
/// <param name="LimitP99Ms">Of the limit, where it is asked as often: what the machine itself makes slow at times.</param>
internal sealed record BenchResult(
    string Name, double EventsPerSecond, double LimitPerSecond, string Limit, double? P50Ms, double? P99Ms, long? HostPeakMb, long Events, double? LimitP99Ms = null)
{
    public double Ratio => LimitPerSecond > 0 ? EventsPerSecond / LimitPerSecond : 0;

    /// <summary>The value below which this share of the sorted values lies.</summary>
    public static double? Percentile(List<double> sorted, double share) =>
        sorted.Count == 0 ? null : sorted[(int)Math.Min(sorted.Count - 1, sorted.Count * share)];
}
