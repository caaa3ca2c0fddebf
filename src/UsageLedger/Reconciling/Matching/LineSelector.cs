namespace UsageLedger.Reconciling.Matching;

/// <summary>What usage a line is of, apart from its time.</summary>
/// <param name="ResourceId">Null: of no resource in particular.</param>
internal readonly record struct LineSelector(string Metric, string? ResourceId)
{
    /// <summary>The words by which a line may name usage of this metric, the narrowest first.</summary>
    public static IReadOnlyList<string> WordsFor(string metric, string? billedMetric)
    {
        var words = new List<string>();
        if (billedMetric is not null)
        {
            words.Add(billedMetric);
        }

        words.Add(metric);
        for (var dot = metric.LastIndexOf('.'); dot > 0; dot = metric.LastIndexOf('.', dot - 1))
        {
            words.Add(metric[..dot] + ".*");
        }

        words.Add("*");
        return words;
    }
}

/// <summary>Lines that say the same of what they are of, and are therefore held against the same usage together.</summary>
/// <param name="Lines">Places in the invoice, in order.</param>
internal sealed record LinePool(LineSelector Selector, NodaTime.LocalDate? Date, List<int> Lines);
