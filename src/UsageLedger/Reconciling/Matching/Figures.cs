namespace UsageLedger.Reconciling.Matching;

/// <summary>Sums of some usage; exact.</summary>
/// <param name="Pending">How many of the records have no cost yet.</param>
public readonly record struct Figures(decimal Quantity, decimal Cost, long Records, long Pending)
{
    public bool IsNothing => this is { Quantity: 0, Cost: 0, Records: 0, Pending: 0 };

    /// <exception cref="OverflowException">A sum needs more digits than there are.</exception>
    public static Figures operator +(Figures left, Figures right) => new(
        Numbers.Sum(left.Quantity, right.Quantity), Numbers.Sum(left.Cost, right.Cost), left.Records + right.Records, left.Pending + right.Pending);

    public static Figures operator -(Figures left, Figures right) => new(
        Numbers.Sum(left.Quantity, -right.Quantity), Numbers.Sum(left.Cost, -right.Cost), left.Records - right.Records, left.Pending - right.Pending);
}
