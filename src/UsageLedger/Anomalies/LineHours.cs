namespace UsageLedger.Anomalies;

/// <summary>What a line did, by the hour; an hour of which nothing is known is an hour of nothing.</summary>
public sealed class LineHours
{
    private readonly Dictionary<long, HourSum> sums = [];

    public void Add(long hour, HourSum sum) => sums[hour] = sums.GetValueOrDefault(hour) + sum;

    public HourSum this[long hour] => sums.GetValueOrDefault(hour);
}
