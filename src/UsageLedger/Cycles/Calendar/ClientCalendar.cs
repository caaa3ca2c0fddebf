using System.Collections.Frozen;
using System.Collections.Immutable;
using NodaTime;

namespace UsageLedger.Cycles.Calendar;

/// <summary>A client's cycles over all time, through every change of its rule: each instant is in exactly one.</summary>
/// <remarks>
/// A closed cycle keeps its boundaries for ever. When a later time zone database puts them elsewhere, its neighbours begin and end where
/// it does; all other cycles go by the rule.
/// </remarks>
public sealed class ClientCalendar
{
    /// <summary>Time zones move a boundary by hours, cycles last for days.</summary>
    private const int MovedCyclesMax = 3;

    /// <summary>That of a client nobody registered.</summary>
    public static readonly ClientCalendar Default = new(CycleRule.Default);

    private readonly CalendarSegment[] segments;
    private readonly ImmutableList<(Instant Start, Instant End)> held;
    private readonly Lazy<FrozenDictionary<Instant, Instant>> moves;

    public ClientCalendar(CycleRule rule)
        : this([CalendarSegment.FromTheBeginning(rule)], [])
    {
    }

    private ClientCalendar(CalendarSegment[] segments, ImmutableList<(Instant Start, Instant End)> held)
    {
        (this.segments, this.held) = (segments, held);
        moves = new(() => held.SelectMany(MovesOf).DistinctBy(move => move.Key).ToFrozenDictionary());
    }

    /// <summary>
    /// The same calendar until that instant and the new rule after it; changes that would begin later fall away.
    /// Without an instant the rule holds from the beginning, as long as no cycle is closed.
    /// To leave every begun cycle as it is, change at the <see cref="Cycle.End"/> of the cycle that is open now.
    /// </summary>
    public ClientCalendar Changed(CycleRule rule, Instant? effectiveFrom)
    {
        if (effectiveFrom is not { } from)
        {
            return new ClientCalendar([CalendarSegment.FromTheBeginning(rule)], held);
        }

        var kept = segments.TakeWhile(segment => segment.From < from).ToList();
        var before = kept[^1].CycleAt(from - Duration.Epsilon);
        kept[^1] = kept[^1] with { Until = from };
        return new ClientCalendar([.. kept, CalendarSegment.After(before.Id, from, rule)], held);
    }

    /// <summary>The same calendar, in which the cycle around here has these boundaries for ever.</summary>
    public ClientCalendar Holding(Instant start, Instant end) => new(segments, held.Add((start, end)));

    /// <summary>Boundaries that the rules put elsewhere than closed cycles have them: where to where.</summary>
    internal IReadOnlyDictionary<Instant, Instant> Moves => moves.Value;

    /// <summary>The rules in force one after another, oldest first; together they cover all time.</summary>
    internal IReadOnlyList<CalendarSegment> Segments => segments;

    /// <summary>The rule that cuts the time around this instant.</summary>
    public CycleRule RuleAt(Instant instant) => SegmentAt(instant).Rule;

    public Cycle CycleAt(Instant instant)
    {
        var ruled = RuledAt(instant);
        var cycle = Moved(ruled);
        for (var step = 0; step < MovedCyclesMax && !cycle.Contains(instant); step++)
        {
            ruled = instant < cycle.Start ? RuledAt(ruled.Start - Duration.Epsilon) : RuledAt(ruled.End);
            cycle = Moved(ruled);
        }

        return cycle;
    }

    /// <summary>The cycle of that name; null when none has it.</summary>
    public Cycle? CycleOf(CycleId id) =>
        segments.Select(segment => segment.CycleOf(id)).FirstOrDefault(cycle => cycle is not null) is { } ruled ? Moved(ruled) : null;

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

    private IEnumerable<KeyValuePair<Instant, Instant>> MovesOf((Instant Start, Instant End) cycle)
    {
        var ruled = RuledAt(cycle.Start + ((cycle.End - cycle.Start) / 2));
        return new KeyValuePair<Instant, Instant>[] { new(ruled.Start, cycle.Start), new(ruled.End, cycle.End) }.Where(move => move.Key != move.Value);
    }

    private Cycle RuledAt(Instant instant) => SegmentAt(instant).CycleAt(instant);

    private Cycle Moved(Cycle cycle) => moves.Value.Count == 0 ? cycle : cycle with
    {
        Start = moves.Value.GetValueOrDefault(cycle.Start, cycle.Start),
        End = moves.Value.GetValueOrDefault(cycle.End, cycle.End),
    };

    private CalendarSegment SegmentAt(Instant instant) => segments.Last(segment => segment.From <= instant);
}
