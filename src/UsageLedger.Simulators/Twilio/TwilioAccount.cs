using UsageLedger.Simulators.World;

namespace UsageLedger.Simulators.Twilio;

/// <summary>An account, or a subaccount of one.</summary>
/// <param name="Owner">The account that this is a subaccount of; null: of none.</param>
public sealed record TwilioAccount(string Sid, string AuthToken, string Name, string? Owner)
{
    internal static TwilioAccount Draw(Dice dice, string name, string? owner) => new("AC" + dice.Hex(32), dice.Hex(32), name, owner);
}
