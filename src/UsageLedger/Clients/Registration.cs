using System.Collections.Immutable;
using NodaTime;
using UsageLedger.Cycles;
using UsageLedger.Cycles.Calendar;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.Clients;

/// <summary>What is agreed with a client, folded from its registration stream.</summary>
/// <param name="Version">Of the stream; 0 when nothing was ever agreed.</param>
/// <param name="Current">Null when nobody registered the client: UTC, monthly, day 1, no grace, USD.</param>
/// <param name="Closed">The cycles that are closed, by their start.</param>
public sealed record Registration(
    long Version, ClientRegistered? Current, ClientCalendar Calendar, ImmutableDictionary<Instant, CycleClosed> Closed, long Position)
{
    public static readonly Registration None =
        new(0, null, ClientCalendar.Default, ImmutableDictionary<Instant, CycleClosed>.Empty, 0);

    /// <summary>What time zones are while the calendar is read; closed cycles do not depend on it.</summary>
    public IDateTimeZoneProvider Zones { get; init; } = DateTimeZoneProviders.Tzdb;

    /// <summary>Of the event that holds <see cref="Current"/>; 0 without one.</summary>
    public long CurrentPosition { get; init; }

    public Registration Apply(StoredEvent stored) => stored.Type switch
    {
        EventTypes.ClientRegistered => Apply(ClientRegistered.Read(stored.Data)) with
        {
            Version = stored.Version, Position = stored.Position, CurrentPosition = stored.Position,
        },
        EventTypes.CycleClosed => Apply(CycleClosed.Read(stored.Data)) with { Version = stored.Version, Position = stored.Position },
        _ => this with { Version = stored.Version, Position = stored.Position },
    };

    /// <summary>The registration as the log holds it now.</summary>
    public static async Task<Registration> LoadAsync(
        LogReader reader, string tenant, string clientId, IDateTimeZoneProvider zones, CancellationToken ct)
    {
        var registration = None with { Zones = zones };
        await foreach (var stored in reader.StreamAsync(tenant, StreamNames.OfRegistration(clientId), 0, ct))
        {
            registration = registration.Apply(stored);
        }

        return registration;
    }

    internal Registration Apply(ClientRegistered registered)
    {
        if (!CycleRule.TryCreate(registered.TimeZone, registered.Period, registered.AnchorDay, out var rule, out var refusals, Zones))
        {
            throw new InvalidOperationException($"Client {registered.ClientId} is registered with a calendar that is none: {string.Join("; ", refusals)}");
        }

        return this with { Current = registered, Calendar = Calendar.Changed(rule, registered.EffectiveFrom) };
    }

    internal Registration Apply(CycleClosed closed) => this with
    {
        Closed = Closed.SetItem(closed.Start, closed),
        Calendar = Calendar.Holding(closed.Start, closed.End),
    };
}
