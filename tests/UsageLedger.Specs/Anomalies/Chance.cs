namespace UsageLedger.Specs.Anomalies;

/// <summary>What the generated year leaves to chance; one seed gives one year.</summary>
internal sealed class Chance(int seed)
{
    private readonly Random random = new(seed);

    public double Between(double low, double high) => low + (random.NextDouble() * (high - low));

    public int Whole(int low, int high) => random.Next(low, high);

    public double Normal()
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
        return radius * Math.Cos(2 * Math.PI * random.NextDouble());
    }

    /// <summary>How many of something come when so many come on average.</summary>
    public long Poisson(double mean)
    {
        if (mean > 60)
        {
            return (long)Math.Max(0, Math.Round(mean + (Math.Sqrt(mean) * Normal())));
        }

        var (count, product, limit) = (0L, random.NextDouble(), Math.Exp(-mean));
        while (product > limit)
        {
            product *= random.NextDouble();
            count++;
        }

        return count;
    }
}
