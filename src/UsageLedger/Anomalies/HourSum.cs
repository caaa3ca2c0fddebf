namespace UsageLedger.Anomalies;

/// <summary>What a line used in one hour, by when it occurred, and what came late in that hour, whenever it had occurred.</summary>
/// <param name="Pending">Records whose cost is not known yet.</param>
/// <param name="Late">Records that came three hours or more after they had occurred.</param>
public readonly record struct HourSum(decimal Quantity, decimal Cost, long Records, long Pending, long Late)
{
    /// <summary>Whether the hour tells what a unit costs.</summary>
    public bool IsPriced => Pending == 0 && Records > 0 && Quantity > 0;

    public decimal UnitPrice => Cost / Quantity;

    public static HourSum operator +(HourSum left, HourSum right) => new(
        left.Quantity + right.Quantity, left.Cost + right.Cost, left.Records + right.Records, left.Pending + right.Pending, left.Late + right.Late);
}
