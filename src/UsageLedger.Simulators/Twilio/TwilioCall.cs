using NodaTime;
using UsageLedger.Simulators.World;

namespace UsageLedger.Simulators.Twilio;

/// <summary>A call, or one leg of one.</summary>
/// <param name="Parent">The call that this is a leg of; null: of none.</param>
/// <param name="Agent">Who held the number when it ended.</param>
/// <param name="Price">Negative dollars; null: no price is ever stated, because nothing is charged.</param>
public sealed record TwilioCall(
    string Sid, string? Parent, TwilioAccount Account, SimAgent Agent, string Number, Caller Caller, string Direction, string Status,
    Instant StartedAt, Instant EndedAt, SimPrice? Price)
{
    public bool IsInbound => Direction == "inbound";

    public int Seconds => (int)(EndedAt - StartedAt).TotalSeconds;

    /// <summary>What is charged for: every minute begun.</summary>
    public int Minutes => (Seconds + 59) / 60;
}
