using UsageLedger.Simulators.World;

namespace UsageLedger.Simulators.Twilio;

/// <summary>An account, or a subaccount of one.</summary>
/// <param name="KeySid">An API key, which asks as well as the token and signs nothing.</param>
/// <param name="Owner">The account that this is a subaccount of; null: of none.</param>
public sealed record TwilioAccount(string Sid, string AuthToken, string KeySid, string KeySecret, string Name, string? Owner)
{
    internal static TwilioAccount Draw(Dice dice, string name, string? owner) => 
        new("AC" + dice.Hex(32), dice.Hex(32), "SK" + dice.Hex(32), dice.Hex(32), name, owner);
}
