using System.Globalization;
using NodaTime;
using Npgsql;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.Clients;

/// <summary>Agrees a client's terms, or agrees them anew. Saying the same again changes nothing.</summary>
public sealed record RegisterClient(string Tenant, string CorrelationId, string ClientId, ClientTerms Terms);

/// <summary>The client as it stands now.</summary>
/// <param name="Client">Null when others changed the client at every attempt.</param>
/// <param name="IsNew">Nothing had named the client before.</param>
public sealed record RegistrationOutcome(ClientView? Client, bool IsNew);

/// <summary>Handles <see cref="RegisterClient"/>.</summary>
public static class RegisterClientHandler
{
    private const int AttemptsMax = 5;

    public static async Task<RegistrationOutcome> Handle(
        RegisterClient command, LogAppender log, LogReader reader, NpgsqlDataSource database, IClock clock, CancellationToken ct)
    {
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var known = await Registration.LoadAsync(reader, command.Tenant, command.ClientId, DateTimeZoneProviders.Tzdb, ct);
            var registered = Decide(known, command.ClientId, command.Terms, clock.GetCurrentInstant());
            if (registered is null)
            {
                return new RegistrationOutcome(ClientView.Of(known.Current!, known.CurrentPosition), false);
            }

            var isNew = known.Version == 0 && await ReadClientHandler.Handle(new ReadClient(command.Tenant, command.ClientId), database, ct) is null;
            var outcome = await log.AppendAsync(Request(command, registered, known.Version), ct);
            if (!outcome.VersionConflict)
            {
                return new RegistrationOutcome(ClientView.Of(registered, outcome.Items[0].Position), isNew);
            }
        }

        return new RegistrationOutcome(null, false);
    }

    /// <summary>What is agreed now; null if it was agreed already.</summary>
    public static ClientRegistered? Decide(Registration known, string clientId, ClientTerms terms, Instant now)
    {
        var registered = terms.ToEvent(clientId, EffectiveFrom(known, terms, now));
        return registered == known.Current ? null : registered;
    }

    /// <summary>Before the first close a calendar holds from the beginning; afterwards another one begins when the open cycle ends.</summary>
    private static Instant? EffectiveFrom(Registration known, ClientTerms terms, Instant now)
    {
        if (known.Closed.IsEmpty)
        {
            return null;
        }

        // By a clock that lags, a cycle closed by another process may seem to be open still.
        return known.Calendar.Segments[^1].Rule == terms.Rule
            ? known.Current?.EffectiveFrom
            : Instant.Max(known.Calendar.CycleAt(now).End, known.Closed.Values.Max(closed => closed.End));
    }

    private static AppendRequest Request(RegisterClient command, ClientRegistered registered, long version)
    {
        var stream = StreamNames.OfRegistration(command.ClientId);
        var id = DeterministicId.Of(
            EventTypes.ClientRegistered, command.Tenant, command.ClientId, (version + 1).ToString(CultureInfo.InvariantCulture));
        var added = new NewEvent(id, stream, EventTypes.ClientRegistered, registered.ToCanonical());
        return new AppendRequest(command.Tenant, command.CorrelationId, [new AppendItem(id, added)], [new ExpectedVersion(stream, version)]);
    }
}
