using NodaTime;
using UsageLedger.Clients;
using UsageLedger.Cycles;
using UsageLedger.Cycles.Calendar;
using UsageLedger.EventLog;
using UsageLedger.Specs.Cycles;

namespace UsageLedger.Specs.Clients;

public sealed class RegisterClientSpecs
{
    private static readonly Instant Now = World.At("2026-10-05T12:00:00Z");
    private static readonly ClientTerms Utc = ClientTerms.Default("contoso");
    private static readonly ClientTerms Berlin = Utc with { Rule = World.Monthly("Europe/Berlin", 15) };

    [Fact]
    public void What_is_agreed_already_is_not_agreed_again()
    {
        var known = Registration.None.Apply(Agreed(Registration.None, Berlin)!);

        Agreed(known, Berlin).ShouldBeNull();
        Agreed(known, Berlin with { Name = "Contoso" }).ShouldNotBeNull();
    }

    [Fact]
    public void Defaults_said_aloud_are_an_agreement() => Agreed(Registration.None, Utc).ShouldNotBeNull();

    [Fact]
    public void Before_the_first_close_a_calendar_holds_from_the_beginning() => Agreed(Registration.None, Berlin)!.EffectiveFrom.ShouldBeNull();

    [Fact]
    public void After_it_another_calendar_begins_when_the_open_cycle_ends() =>
        Agreed(Closed(), Berlin)!.EffectiveFrom.ShouldBe(World.At("2026-11-01T00:00:00Z"));

    [Fact]
    public void The_same_calendar_under_another_name_begins_when_it_began()
    {
        var changed = Closed().Apply(Agreed(Closed(), Berlin)!);

        Agreed(changed, Berlin with { Name = "Contoso" })!.EffectiveFrom.ShouldBe(World.At("2026-11-01T00:00:00Z"));
        Agreed(Closed(), Utc with { Name = "Contoso" })!.EffectiveFrom.ShouldBeNull();
    }

    [Fact]
    public void A_clock_that_lags_moves_no_closed_cycle() =>
        RegisterClientHandler.Decide(Closed(), "contoso", Berlin, World.At("2026-08-31T23:59:59Z"))!.EffectiveFrom.ShouldBe(World.At("2026-10-01T00:00:00Z"));

    private static ClientRegistered? Agreed(Registration known, ClientTerms terms) => RegisterClientHandler.Decide(known, "contoso", terms, Now);

    /// <summary>September is closed.</summary>
    private static Registration Closed()
    {
        var cycle = ClientCalendar.Default.CycleAt(World.At("2026-09-01T00:00:00Z"));
        var closed = new CycleClosed("contoso", cycle.Id.ToString(), cycle.Start, cycle.End, "UTC", 0, "", "", 0, [], null);
        return Registration.None.Apply(
            new StoredEvent(1, Guid.Empty, "acme", StreamNames.OfRegistration("contoso"), 1, EventTypes.CycleClosed, Now, null, closed.ToCanonical()));
    }
}
