using NodaTime;
using NodaTime.Text;

namespace UsageLedger.Cycles.Calendar;

/// <summary>A cycle's name within its client: the local date that it nominally begins on, written <c>2026-10-01</c>.</summary>
public readonly record struct CycleId(LocalDate Date) : IComparable<CycleId>
{
    public static CycleId? Parse(string text) =>
        LocalDatePattern.Iso.Parse(text) is { Success: true, Value: var date } ? new CycleId(date) : null;

    public int CompareTo(CycleId other) => Date.CompareTo(other.Date);

    public override string ToString() => LocalDatePattern.Iso.Format(Date);

    public static bool operator <(CycleId left, CycleId right) => left.Date < right.Date;

    public static bool operator >(CycleId left, CycleId right) => left.Date > right.Date;

    public static bool operator <=(CycleId left, CycleId right) => left.Date <= right.Date;

    public static bool operator >=(CycleId left, CycleId right) => left.Date >= right.Date;
}
