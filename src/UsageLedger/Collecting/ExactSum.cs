namespace UsageLedger.Collecting;

/// <summary>Arithmetic on vendors' figures that is exact or refused.</summary>
internal static class ExactSum
{
    /// <exception cref="FormatException">The sum needs more digits than there are.</exception>
    public static decimal Of(IEnumerable<decimal> figures)
    {
        var sum = 0m;
        foreach (var figure in figures)
        {
            var next = Checked(() => sum + figure);
            sum = next - sum == figure && next - figure == sum ? next : throw TooLong();
        }

        return sum;
    }

    /// <summary>Divided by a power of ten.</summary>
    /// <exception cref="FormatException">The quotient needs more digits than there are.</exception>
    public static decimal Divide(decimal figure, decimal power)
    {
        var quotient = figure / power;
        return quotient * power == figure ? quotient : throw TooLong();
    }

    private static decimal Checked(Func<decimal> sum)
    {
        try
        {
            return sum();
        }
        catch (OverflowException)
        {
            throw TooLong();
        }
    }

    private static FormatException TooLong() => new("a figure has more digits than can be kept exactly");
}
