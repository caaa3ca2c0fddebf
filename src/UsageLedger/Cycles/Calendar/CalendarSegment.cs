using NodaTime;

namespace UsageLedger.Cycles.Calendar;

/// <summary>The time in which one rule cuts a client's cycles.</summary>
/// <param name="Stub">From the change to the new rule's first boundary; null when the two fall together.</param>
internal sealed record CalendarSegment(Instant From, Instant Until, CycleRule Rule, Cycle? Stub)
{
    public static CalendarSegment FromTheBeginning(CycleRule rule) => new(Instant.MinValue, Instant.MaxValue, rule, null);

    /// <summary>
    /// Names only rise: a stub is named for its first local date, or for the day after the last name when clocks that lie far apart
    /// would give the same name twice, and it runs on over boundaries that the new rule would name no later than it.
    /// </summary>
    public static CalendarSegment After(CycleId last, Instant from, CycleRule rule)
    {
        var regular = rule.CycleAt(from);
        if (regular.Start == from && regular.Id > last)
        {
            return new(from, Instant.MaxValue, rule, null);
        }

        var name = LocalDate.Max(LocalDate.Max(from.InZone(rule.Zone).Date, regular.Id.Date), last.Date.PlusDays(1));
        var stub = new Cycle(new CycleId(name), from, rule.AnchorAfter(name).StartIn(rule.Zone));
        return new(from, Instant.MaxValue, rule, stub);
    }

    public Cycle CycleAt(Instant instant) =>
        Cut(Stub is not null && Stub.Contains(instant) ? Stub : Rule.CycleAt(instant));

    public Cycle? CycleOf(CycleId id)
    {
        if (Stub is not null && Stub.Id == id)
        {
            return Cut(Stub);
        }

        var cycle = Rule.CycleOf(id);
        return cycle is not null && cycle.Start >= (Stub?.End ?? From) && cycle.Start < Until ? Cut(cycle) : null;
    }

    private Cycle Cut(Cycle cycle) => cycle.End <= Until ? cycle : cycle with { End = Until };
}
