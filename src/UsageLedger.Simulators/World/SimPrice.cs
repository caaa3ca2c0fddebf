using NodaTime;

namespace UsageLedger.Simulators.World;

/// <summary>What something costs, and when its vendor says so.</summary>
/// <param name="Final">In the vendor's own unit and sign.</param>
/// <param name="First">What is told until <paramref name="ChangesAt"/> where prices change.</param>
/// <param name="Luck">0 to 999: it changes where fewer per mille than <see cref="Faults.SimFaults.ChangedPrices"/>.</param>
public sealed record SimPrice(decimal Final, Instant KnownAt, decimal First, Instant ChangesAt, int Luck)
{
    /// <summary>Null: not known yet.</summary>
    public decimal? At(Instant now, int changedPerMille) =>
        now < KnownAt ? null
        : Luck < changedPerMille && now < ChangesAt ? First
        : Final;

    /// <summary>Known within minutes mostly, within a day nearly always, within 72 hours for certain, any change included.</summary>
    internal static SimPrice Draw(Dice dice, decimal final, Instant endedAt)
    {
        var late = dice.Below(1_000);
        var knownAt = endedAt + dice.Within(
            late < 850 ? Duration.FromMinutes(10) : late < 980 ? Duration.FromHours(24) : Duration.FromHours(48));
        var first = decimal.Round(final * dice.Between(80, 97) / 100, 5);
        return new SimPrice(final, knownAt, first, knownAt + Duration.FromHours(1) + dice.Within(Duration.FromHours(23)), dice.Below(1_000));
    }
}
