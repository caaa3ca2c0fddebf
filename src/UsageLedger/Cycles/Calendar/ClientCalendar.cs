using NodaTime;

namespace UsageLedger.Cycles.Calendar;

/// <summary>A client's cycles over all time, through every change of its rule: each instant is in exactly one.</summary>
public sealed class ClientCalendar
{
    /// <summary>That of a client nobody registered.</summary>
    public static readonly ClientCalendar Default = new(CycleRule.Default);

    private readonly CalendarSegment[] segments;

    public ClientCalendar(CycleRule rule)
        : this([CalendarSegment.FromTheBeginning(rule)])
    {
    }

    private ClientCalendar(CalendarSegment[] segments) => this.segments = segments;

    /// <summary>
    /// The same calendar until that instant and the new rule after it; changes that would begin later fall away.
    /// Without an instant the rule holds from the beginning, as long as no cycle is closed.
    /// To leave every begun cycle as it is, change at the <see cref="Cycle.End"/> of the cycle that is open now.
    /// </summary>
    public ClientCalendar Changed(CycleRule rule, Instant? effectiveFrom)
    {
        if (effectiveFrom is not { } from)
        {
            return new ClientCalendar(rule);
        }

        var kept = segments.TakeWhile(segment => segment.From < from).ToList();
        var before = kept[^1].CycleAt(from - Duration.Epsilon);
        kept[^1] = kept[^1] with { Until = from };
        return new ClientCalendar([.. kept, CalendarSegment.After(before.Id, from, rule)]);
    }

    /// <summary>The rules in force one after another, oldest first; together they cover all time.</summary>
    internal IReadOnlyList<CalendarSegment> Segments => segments;

    /// <summary>The rule that cuts the time around this instant.</summary>
    public CycleRule RuleAt(Instant instant) => SegmentAt(instant).Rule;

    public Cycle CycleAt(Instant instant) => SegmentAt(instant).CycleAt(instant);

    /// <summary>The cycle of that name; null when none has it.</summary>
    public Cycle? CycleOf(CycleId id) =>
        segments.Select(segment => segment.CycleOf(id)).FirstOrDefault(cycle => cycle is not null);

    public Cycle Next(Cycle cycle) => CycleAt(cycle.End);

    public Cycle Previous(Cycle cycle) => CycleAt(cycle.Start - Duration.Epsilon);

    /// <summary>The cycles that share an instant with <c>[from, to)</c>, oldest first.</summary>
    public IEnumerable<Cycle> Between(Instant from, Instant to)
    {
        for (var cycle = CycleAt(from); from < to && cycle.Start < to; cycle = Next(cycle))
        {
            yield return cycle;
        }
    }

    private CalendarSegment SegmentAt(Instant instant) => segments.Last(segment => segment.From <= instant);
}
