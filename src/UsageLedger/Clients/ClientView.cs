using NodaTime;
using UsageLedger.Cycles.Calendar;

namespace UsageLedger.Clients;

/// <summary>A client as reads answer it.</summary>
/// <param name="EffectiveFrom">When this calendar took or takes over from the one before; null: it holds from the beginning.</param>
/// <param name="Registered">False for a client that only usage named: the terms are the defaults.</param>
/// <param name="Position">Of the event that holds these terms; 0 if there is none.</param>
public sealed record ClientView(
    string ClientId,
    string Name,
    string TimeZone,
    string Period,
    int AnchorDay,
    int GraceDays,
    string Currency,
    Instant? EffectiveFrom,
    bool Registered,
    long Position)
{
    internal static ClientView Of(ClientRegistered registered, long position) => new(
        registered.ClientId, registered.Name, registered.TimeZone, registered.Period, registered.AnchorDay, registered.GraceDays,
        registered.Currency, registered.EffectiveFrom, true, position);

    internal static ClientView Unregistered(string clientId)
    {
        var terms = ClientTerms.Default(clientId);
        return new ClientView(
            clientId, terms.Name, terms.Rule.Zone.Id, CyclePeriods.Name(terms.Rule.Period), terms.Rule.AnchorDay, terms.GraceDays,
            terms.Currency, null, false, 0);
    }
}
