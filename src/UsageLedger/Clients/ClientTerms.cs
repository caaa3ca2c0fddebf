using NodaTime;
using UsageLedger.Cycles.Calendar;
using UsageLedger.Recording;

namespace UsageLedger.Clients;

/// <summary>What a client is called, how its time is cut into cycles, how long they wait for late usage, and what it is billed in.</summary>
/// <param name="GraceDays">Days of 24 hours after a cycle's end before it may be closed.</param>
/// <param name="Currency">Usage in others is allowed, and never converted.</param>
public sealed record ClientTerms(string Name, CycleRule Rule, int GraceDays, string Currency)
{
    public const int NameMax = TextRules.TextMax;
    public const int GraceDaysMax = 366;

    /// <summary>Those of a client that usage named and nobody registered.</summary>
    public static ClientTerms Default(string clientId) => new(clientId, CycleRule.Default, 0, Currencies.Default);

    internal ClientRegistered ToEvent(string clientId, Instant? effectiveFrom) => new(
        clientId, Name, Rule.Zone.Id, CyclePeriods.Name(Rule.Period), Rule.AnchorDay, GraceDays, Currency, effectiveFrom);
}
