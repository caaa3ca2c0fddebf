using NodaTime;
using UsageLedger.Anomalies;

namespace UsageLedger.Specs.Anomalies;

/// <summary>An anomaly that the rules opened in the generated year.</summary>
internal sealed record Alarm(AnomalyLine Line, Finding Found, long Hour);

/// <summary>Judges every hour of a generated year in its turn, knowing only what is known by then.</summary>
internal static class YearWatch
{
    public static List<Alarm> Alarms(GeneratedYear year)
    {
        var alarms = new List<Alarm>();
        var watched = year.Lines.Select(line => new Watched(line.Line, line.Zone, number => year.Hour(line, number)))
            .Concat(year.Sources.Select(source => new Watched(source, DateTimeZone.Utc, number => year.Runs(source, number)))).ToList();
        var zones = watched.Select(one => one.Zone).Distinct().ToList();
        for (var number = GeneratedYear.First; number < GeneratedYear.First + GeneratedYear.Hours; number++)
        {
            var hours = zones.ToDictionary(zone => zone, zone => HoursOfWeek.Of(HoursOfWeek.Start(number), zone));
            foreach (var one in watched)
            {
                alarms.AddRange(one.Judge(hours[one.Zone], number).Select(found => new Alarm(one.Line, found, number)));
            }
        }

        return alarms;
    }

    private sealed class Watched(AnomalyLine line, DateTimeZone zone, Func<long, HourSum> next)
    {
        private readonly LineHours known = new();
        private readonly List<OpenAnomaly> open = [];

        public AnomalyLine Line => line;

        public DateTimeZone Zone => zone;

        public List<Finding> Judge(HoursOfWeek hours, long number)
        {
            known.Add(number, next(number));
            var found = new List<Finding>();
            foreach (var change in LineJudge.Judge(LineWindow.Of(known, hours, isWatched: true), line.SourceId is not null, [.. open], hours.Hour))
            {
                if (change.Found is { } finding)
                {
                    found.Add(finding);
                    open.Add(new OpenAnomaly(Guid.Empty, line, finding.Kind, hours.Hour, finding.IsQuiet));
                }
                else
                {
                    open.RemoveAll(one => one.Kind == change.Over!.Kind);
                }
            }

            return found;
        }
    }
}
