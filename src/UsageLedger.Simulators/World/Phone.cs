namespace UsageLedger.Simulators.World;

/// <summary>Phone numbers of the world: like real ones, and no one's.</summary>
internal static class Phone
{
    private const int OwnArea = 415;

    /// <summary>An agent's, in E.164, with the exchange 555 that no one has; each has another.</summary>
    public static string OfAgent(int index) => $"+1{OwnArea}555{index:0000}";

    /// <summary>A caller's, which is no agent's.</summary>
    public static string OfCaller(Dice dice)
    {
        var area = dice.Between(201, 988);
        return $"+1{(area < OwnArea ? area : area + 1)}555{dice.Between(0, 9_999):0000}";
    }

    /// <summary>As Twilio formats numbers of North America.</summary>
    public static string Formatted(string number) =>
        number is ['+', '1', ..] && number.Length == 12 ? $"({number[2..5]}) {number[5..8]}-{number[8..]}" : number;
}
