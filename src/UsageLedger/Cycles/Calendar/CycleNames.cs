using NodaTime;
using NodaTime.Text;

namespace UsageLedger.Cycles.Calendar;

/// <summary>What people call a client's cycles: <c>2026-10-01</c>, <c>current</c>, and <c>2026-10</c> where cycles are calendar months.</summary>
public static class CycleNames
{
    public const string Current = "current";

    private const int FirstYear = 1970;
    private static readonly YearMonthPattern Month = YearMonthPattern.Iso;

    /// <summary>The cycle meant; null when no cycle from 1970 to the one of now has that name.</summary>
    public static Cycle? Find(this ClientCalendar calendar, string name, Instant now)
    {
        if (name == Current)
        {
            return calendar.CycleAt(now);
        }

        var found = CycleId.Parse(name) is { } id ? calendar.CycleOf(id) : OfMonth(calendar, name);
        return found is not null && found.Id.Date.Year >= FirstYear && found.Start <= now ? found : null;
    }

    private static Cycle? OfMonth(ClientCalendar calendar, string name) =>
        Month.Parse(name) is { Success: true, Value: var month }
        && calendar.CycleOf(new CycleId(month.OnDayOfMonth(1))) is { } cycle
        && calendar.RuleAt(cycle.Start) is { Period: CyclePeriod.Monthly, AnchorDay: 1 }
            ? cycle
            : null;
}
