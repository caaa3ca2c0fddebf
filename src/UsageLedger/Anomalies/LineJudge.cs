using NodaTime;

namespace UsageLedger.Anomalies;

/// <summary>An anomaly that is not over.</summary>
/// <param name="Hour">The hour in which it was found.</param>
public sealed record OpenAnomaly(Guid Id, AnomalyLine Line, string Kind, Instant Hour, bool IsQuiet);

/// <summary>What an hour changes: something is found, or something that was found is over.</summary>
/// <param name="HasLasted">It is not over, but has lasted until the weeks before are like it.</param>
public sealed record AnomalyChange(Finding? Found, OpenAnomaly? Over, bool HasLasted = false);

/// <summary>
/// Holds one hour of a line against the weeks before it. Pure, and in decimals: the same figures give the same anomalies everywhere. What is open
/// is not found again, and is over only where an hour says so that could have said otherwise, so that nothing flaps.
/// </summary>
public static class LineJudge
{
    /// <summary>Of the eight weeks before, so many must be known before any rule speaks.</summary>
    public const int WeeksMin = 4;

    /// <summary>Then five of the eight weeks before are like it, and it is what is usual.</summary>
    public static readonly Duration LastsMax = Duration.FromDays(36);

    private static readonly string[] OfUsage =
        [AnomalyKinds.Spike, AnomalyKinds.Drop, AnomalyKinds.MissingData, AnomalyKinds.PriceDrift, AnomalyKinds.LateBurst];

    private static readonly string[] OfRuns = [AnomalyKinds.DuplicateStorm];

    public static IEnumerable<AnomalyChange> Judge(LineWindow line, bool isSource, IReadOnlyList<OpenAnomaly> open, Instant hour)
    {
        foreach (var kind in isSource ? OfRuns : OfUsage)
        {
            if (open.FirstOrDefault(one => one.Kind == kind) is not { } known)
            {
                if (line.Weeks >= WeeksMin && !IsTold(kind, open) && Find(line, kind) is { } found)
                {
                    yield return new AnomalyChange(found, null);
                }
            }
            else if (hour - known.Hour >= LastsMax)
            {
                yield return new AnomalyChange(null, known, HasLasted: true);
            }
            else if (line.Weeks >= WeeksMin && IsCalm(line, known))
            {
                yield return new AnomalyChange(null, known);
            }
        }
    }

    /// <summary>Where too little came already, none is no news; and the other way round.</summary>
    private static bool IsTold(string kind, IReadOnlyList<OpenAnomaly> open) => kind switch
    {
        AnomalyKinds.Drop => open.Any(one => one.Kind == AnomalyKinds.MissingData),
        AnomalyKinds.MissingData => open.Any(one => one.Kind == AnomalyKinds.Drop),
        _ => false,
    };

    private static Finding? Find(LineWindow line, string kind) => kind switch
    {
        AnomalyKinds.Spike => VolumeRule.FindSpike(line),
        AnomalyKinds.Drop => VolumeRule.FindDrop(line),
        AnomalyKinds.MissingData => MissingRule.Find(line),
        AnomalyKinds.PriceDrift => PriceRule.Find(line),
        AnomalyKinds.LateBurst => LateRule.Find(line),
        _ => StormRule.Find(line),
    };

    private static bool IsCalm(LineWindow line, OpenAnomaly known) => known.Kind switch
    {
        AnomalyKinds.Spike or AnomalyKinds.Drop => VolumeRule.IsCalm(line, known.Kind, known.IsQuiet),
        AnomalyKinds.MissingData => MissingRule.IsCalm(line),
        AnomalyKinds.PriceDrift => PriceRule.IsCalm(line),
        AnomalyKinds.LateBurst => LateRule.IsCalm(line),
        _ => StormRule.IsCalm(line),
    };
}
