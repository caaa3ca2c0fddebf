namespace UsageLedger.Collecting.OpenRouter;

/// <summary>What OpenRouter's activity tells of some generations: tokens, how many generations, and dollars.</summary>
/// <param name="Cost">What OpenRouter charges.</param>
/// <param name="ByokCost">What the platform's own providers charge beside.</param>
internal readonly record struct DayFigures(decimal Input, decimal Output, decimal Reasoning, decimal Generations, decimal Cost, decimal ByokCost)
{
    /// <summary>Of sums that vendors make of binary fractions, that much is noise.</summary>
    private const decimal Noise = 0.000_000_001m;

    /// <summary>How many kinds of figures there are.</summary>
    public const int Parts = 6;

    /// <summary>Nothing is missing, though what own providers charge may not be known to the last.</summary>
    public bool IsNothing => this is { Input: 0, Output: 0, Reasoning: 0, Generations: 0 } && Math.Abs(Cost) < Noise;

    public static DayFigures Sum(IEnumerable<DayFigures> all) => all.Aggregate(default(DayFigures), (sum, next) => sum + next);

    public decimal[] ToParts() => [Input, Output, Reasoning, Generations, Cost, ByokCost];

    public static DayFigures OfParts(decimal[] parts) => new(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]);

    public DayFigures OrNothing() => With(default, Math.Max);

    public static DayFigures operator +(DayFigures left, DayFigures right) => left.With(right, (one, other) => ExactSum.Of([one, other]));

    public static DayFigures operator -(DayFigures left, DayFigures right) => left.With(right, (one, other) => ExactSum.Of([one, -other]));

    private DayFigures With(DayFigures other, Func<decimal, decimal, decimal> make) => new(
        make(Input, other.Input), make(Output, other.Output), make(Reasoning, other.Reasoning), make(Generations, other.Generations),
        make(Cost, other.Cost), make(ByokCost, other.ByokCost));
}
