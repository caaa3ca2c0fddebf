using NodaTime;
using UsageLedger.Simulators.OpenRouter;
using UsageLedger.Simulators.Twilio;

namespace UsageLedger.Simulators.World;

/// <summary>A client of the platform whose usage the vendors charge.</summary>
public sealed record SimClient(string Id, string Name, string TimeZone, IReadOnlyList<SimAgent> Agents);

/// <summary>An agent of a client, with what the vendors know it by.</summary>
/// <param name="Number">Its phone number at Twilio, in E.164.</param>
/// <param name="Key">Its key at OpenRouter.</param>
public sealed record SimAgent(string Id, string ClientId, string RetellAgentId, string Number, TwilioAccount Account, OpenRouterKey Key);

/// <summary>A number that another agent took over.</summary>
public sealed record NumberHandover(string Number, SimAgent From, SimAgent To, Instant At);
