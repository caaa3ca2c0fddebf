using NodaTime;
using UsageLedger.Clients;
using UsageLedger.Cycles;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.IntegrationSpecs.EventLog;

namespace UsageLedger.IntegrationSpecs.Projecting;

/// <summary>Registers clients and closes cycles in a log as the domain does: by the registration that the log holds.</summary>
internal sealed class CycleLog(SpecLog log)
{
    private readonly LogAppender appender = log.Appender("cycles");

    public SpecLog Log => log;

    public IDateTimeZoneProvider Zones { get; set; } = DateTimeZoneProviders.Tzdb;

    public Instant Now
    {
        get => log.Clock.Now;
        set => log.Clock.Now = value;
    }

    public Task<Registration> RegistrationAsync(string client) => Registration.LoadAsync(log.Reader, SpecUsage.Tenant, client, Zones, default);

    /// <summary>The position of the last event appended.</summary>
    public async Task<long> AppendAsync(params IEnumerable<AppendItem> items)
    {
        var outcome = await appender.AppendAsync(SpecUsage.Request(items), default);
        outcome.Items.ShouldAllBe(item => item.Appended > 0);
        return outcome.Positions().Max();
    }

    /// <summary>From the beginning while no cycle is closed, unless it is put off; else from the end of the cycle that is open now.</summary>
    public async Task RegisterAsync(string client, string zone, string period = "monthly", int anchorDay = 1, bool putOff = false)
    {
        var known = await RegistrationAsync(client);
        Instant? from = known.Closed.IsEmpty && !putOff ? null : known.Calendar.CycleAt(Now).End;
        await AppendAsync(client, known, EventTypes.ClientRegistered, new ClientRegistered(client, client, zone, period, anchorDay, 0, "USD", from).ToCanonical());
    }

    public async Task CloseAsync(string client, Instant within, long asOf)
    {
        var known = await RegistrationAsync(client);
        var cycle = known.Calendar.CycleAt(within);
        var closed = new CycleClosed(client, cycle.Id.ToString(), cycle.Start, cycle.End, known.Calendar.RuleAt(cycle.Start).Zone.Id, asOf, "00", "00", 0, [], null);
        await AppendAsync(client, known, EventTypes.CycleClosed, closed.ToCanonical());
    }

    public async Task<long> HeadAsync() => await log.HeadAsync();

    private async Task AppendAsync(string client, Registration known, string type, CanonicalJson data)
    {
        var stream = StreamNames.OfRegistration(client);
        var id = DeterministicId.Of("spec", SpecUsage.Tenant, stream, FormattableString.Invariant($"{known.Version}"));
        var outcome = await appender.AppendAsync(
            SpecUsage.Request(new AppendItem(id, new NewEvent(id, stream, type, data))) with { Expected = [new(stream, known.Version)] }, default);
        outcome.VersionConflict.ShouldBeFalse();
    }
}
