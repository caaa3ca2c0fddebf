namespace UsageLedger.Simulators.World;

/// <summary>A person at the other end. Everything about one is planted: none of it may ever be found in a ledger.</summary>
public sealed record Caller(string Number, string Name)
{
    internal static Caller Draw(Dice dice) => new(Phone.OfCaller(dice), "Planted-Name-" + dice.Letters(10));

    /// <summary>What the person wrote or said, recognisable.</summary>
    internal static string Words(Dice dice, string kind) => $"planted-{kind}-{dice.Letters(12)} my card ends in {dice.Between(1_000, 9_999)}";
}
