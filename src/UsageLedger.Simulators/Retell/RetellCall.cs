using NodaTime;
using UsageLedger.Simulators.World;

namespace UsageLedger.Simulators.Retell;

/// <summary>A call that a Retell agent held.</summary>
/// <param name="Type"><c>phone_call</c> or <c>web_call</c>.</param>
/// <param name="Direction">Null for web calls.</param>
/// <param name="TransferEndedAt">When the leg ended to which the call was handed on; null: it was not.</param>
/// <param name="TwilioCallSid">Names the leg at Twilio; where <paramref name="OnOwnNumber"/>, Twilio charges that leg to the platform itself.</param>
/// <param name="NamesClient">Whether the platform gave its client's id as metadata.</param>
/// <param name="BilledSeconds">What is charged for; not the duration.</param>
public sealed record RetellCall(
    string CallId, string Type, string? Direction, SimAgent Agent, int AgentVersion, Caller Caller, Instant StartedAt, Instant EndedAt,
    Instant? TransferEndedAt, string Status, string DisconnectionReason, int BilledSeconds, IReadOnlyList<RetellProduct> Products,
    IReadOnlyList<int> LlmTokens, string? TwilioCallSid, bool OnOwnNumber, bool NamesClient, string Words)
{
    public const string Phone = "phone_call";
    public const string Web = "web_call";

    public bool IsConnected => Status != "not_connected";
}

/// <summary>One product's part of what a call costs.</summary>
/// <param name="UnitPrice">Cents a second.</param>
/// <param name="Cost">Cents.</param>
/// <param name="IsTransferLeg">It is of the leg that the call was handed on to, and told only after that.</param>
public sealed record RetellProduct(string Name, decimal UnitPrice, int Seconds, SimPrice Cost, bool IsTransferLeg);
