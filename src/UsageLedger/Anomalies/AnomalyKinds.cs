namespace UsageLedger.Anomalies;

/// <summary>What can be unusual, as events, answers and commands say it.</summary>
public static class AnomalyKinds
{
    /// <summary>Much more usage than at this hour of the week.</summary>
    public const string Spike = "spike";

    /// <summary>Much less usage than at this hour of the week, but some.</summary>
    public const string Drop = "drop";

    /// <summary>No usage at all where there always is some.</summary>
    public const string MissingData = "missing_data";

    /// <summary>A unit costs more or less than it did.</summary>
    public const string PriceDrift = "price_drift";

    /// <summary>The runs of a source told again what is known, far more than they always do.</summary>
    public const string DuplicateStorm = "duplicate_storm";

    /// <summary>Far more usage than usual came hours after it had occurred.</summary>
    public const string LateBurst = "late_burst";
}

/// <summary>How far an anomaly is.</summary>
public static class AnomalyStatuses
{
    public const string Open = "open";

    /// <summary>Somebody has seen it; it has not become usual again yet.</summary>
    public const string Acknowledged = "acknowledged";

    /// <summary>It has become usual again, whether somebody had seen it or not.</summary>
    public const string Resolved = "resolved";

    internal static readonly string[] All = [Open, Acknowledged, Resolved];
}
