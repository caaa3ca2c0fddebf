using NodaTime;
using NodaTime.TimeZones;
using UsageLedger.Cycles.Calendar;
using UsageLedger.Reconciling.Invoices;

namespace UsageLedger.Reconciling.Matching;

/// <summary>The same days and the same period in every other time zone that cuts them elsewhere: a zone for each way there is.</summary>
internal sealed class ZoneEdges
{
    private const int DatesMax = 400;

    /// <summary>Of zones that cut time alike, these are named.</summary>
    private static readonly string[] Preferred =
    [
        "UTC", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "Europe/London", "Europe/Berlin", "Europe/Athens",
        "Asia/Kolkata", "Asia/Singapore", "Asia/Tokyo", "Australia/Sydney", "America/Sao_Paulo", "Asia/Dubai",
    ];

    private readonly ProviderInvoice invoice;
    private readonly DateTimeZone own;
    private readonly Dictionary<LocalDate, Interval[]> days = [];
    private readonly Interval[] periods;

    public ZoneEdges(ProviderInvoice invoice)
    {
        (this.invoice, own) = (invoice, invoice.Zone);
        var dates = Dates(invoice).ToList();
        var seen = new HashSet<string>(StringComparer.Ordinal) { Cut(own, dates) };
        var zones = Preferred.Concat(DateTimeZoneProviders.Tzdb.Ids.Order(StringComparer.Ordinal)).Distinct().Select(id => DateTimeZoneProviders.Tzdb[id]);
        Zones = [.. zones.Where(zone => seen.Add(Cut(zone, dates)))];
        periods = [.. Zones.Select(PeriodIn)];
    }

    public IReadOnlyList<DateTimeZone> Zones { get; }

    /// <summary>When a day, or the whole period, is in the zone of this place.</summary>
    public Interval In(int zone, LocalDate? date) => date is { } day ? Days(day)[zone] : periods[zone];

    private static string Cut(DateTimeZone zone, IEnumerable<LocalDate> dates) =>
        string.Join(',', dates.Select(date => date.StartIn(zone).ToUnixTimeSeconds()));

    private static Interval Day(DateTimeZone zone, LocalDate date) =>
        new(date.StartIn(zone), date.PlusDays(1).StartIn(zone));

    /// <summary>Of a long period the first days and the last are enough to tell zones apart.</summary>
    private IEnumerable<LocalDate> Dates(ProviderInvoice of)
    {
        var (first, last) = (of.PeriodStart.InZone(own).Date, of.PeriodEnd.InZone(own).Date.PlusDays(1));
        var count = Math.Min(Period.DaysBetween(first, last) + 1, DatesMax);
        return Enumerable.Range(0, count).Select(first.PlusDays).Append(last);
    }

    private Interval[] Days(LocalDate date)
    {
        if (!days.TryGetValue(date, out var known))
        {
            days[date] = known = [.. Zones.Select(zone => Day(zone, date))];
        }

        return known;
    }

    private Interval PeriodIn(DateTimeZone zone) => new(Moved(invoice.PeriodStart, zone), Moved(invoice.PeriodEnd, zone));

    private Instant Moved(Instant at, DateTimeZone zone) =>
        at.InZone(own).LocalDateTime.InZone(zone, Resolvers.LenientResolver).ToInstant();
}
