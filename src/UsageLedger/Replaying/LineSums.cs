namespace UsageLedger.Replaying;

/// <summary>What a line comes to.</summary>
public sealed record LineSums(ExactTotal Quantity, ExactTotal Cost, long Records, long Pending, long Revised, long Voided)
{
    public static readonly LineSums Zero = new(ExactTotal.Zero, ExactTotal.Zero, 0, 0, 0, 0);

    /// <summary>Whether reads show the line; what was voided or moved away whole left nothing but counts.</summary>
    public bool IsShown => Records != 0 || Pending != 0 || !Quantity.IsZero || !Cost.IsZero;

    /// <param name="records">How many records more this makes: of a line what the delta adds or takes, of an adjustment each event once.</param>
    public LineSums With(UsageDelta delta, int records)
    {
        var (quantity, cost) = (ExactTotal.Of(delta.State.Quantity), ExactTotal.Of(delta.State.Cost ?? 0m));
        return new LineSums(
            Quantity + (delta.Sign > 0 ? quantity : -quantity),
            Cost + (delta.Sign > 0 ? cost : -cost),
            Records + records,
            Pending + (delta.State.Cost is null ? delta.Sign : 0),
            Revised + (delta.Revises ? 1 : 0),
            Voided + (delta.Voids ? 1 : 0));
    }

    public LineSums Plus(LineSums other) => new(
        Quantity + other.Quantity, Cost + other.Cost, Records + other.Records, Pending + other.Pending, Revised + other.Revised, Voided + other.Voided);
}
