using NodaTime;
using UsageLedger.Simulators.World;

namespace UsageLedger.Simulators.Twilio;

/// <summary>A text or media message.</summary>
/// <param name="Agent">Who held the number when it was sent.</param>
/// <param name="Direction"><c>inbound</c>, <c>outbound-api</c> or <c>outbound-reply</c>.</param>
/// <param name="ServiceSid">Of the messaging service that sent it, which tells the number of segments late; null: none did.</param>
/// <param name="Price">Negative dollars; null: no price is ever stated, because nothing is charged.</param>
public sealed record TwilioMessage(
    string Sid, TwilioAccount Account, SimAgent Agent, string Number, Caller Caller, string Direction, string Status, int? ErrorCode,
    Instant CreatedAt, Instant SentAt, int Segments, int Media, string? ServiceSid, string Body, SimPrice? Price)
{
    public bool IsInbound => Direction == "inbound";
}
