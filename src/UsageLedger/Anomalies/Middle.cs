namespace UsageLedger.Anomalies;

/// <summary>The median of some figures, and how far they lie from it: whatever a few of them do, neither follows.</summary>
/// <param name="Scale">1.4826 times the median distance: what the standard deviation is where figures scatter normally.</param>
public readonly record struct Middle(decimal Median, decimal Scale)
{
    internal const decimal ToDeviation = 1.4826m;

    /// <summary>Of at least one figure, which are put in order.</summary>
    public static Middle Of(decimal[] figures)
    {
        var median = MedianOf(figures);
        return new Middle(median, ToDeviation * MedianOf(Array.ConvertAll(figures, figure => Math.Abs(figure - median))));
    }

    /// <summary>Of at least one figure, which are put in order; between the two in the middle when there are two.</summary>
    public static decimal MedianOf(decimal[] figures)
    {
        Array.Sort(figures);
        var half = figures.Length / 2;
        return figures.Length % 2 == 1 ? figures[half] : (figures[half - 1] + figures[half]) / 2;
    }

    /// <summary>The square root to two places, by whole numbers, so that it is the same on every machine.</summary>
    public static decimal Root(decimal number)
    {
        const long places = 10_000;
        var squared = (long)(Math.Clamp(number, 0, 1_000_000_000_000m) * places);
        var root = squared;
        for (var next = (root + 1) / 2; next < root; next = (root + (squared / root)) / 2)
        {
            root = next;
        }

        return root / 100m;
    }
}
