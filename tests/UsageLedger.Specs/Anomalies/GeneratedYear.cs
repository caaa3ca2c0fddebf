using System.Globalization;
using NodaTime;
using UsageLedger.Anomalies;

namespace UsageLedger.Specs.Anomalies;

/// <summary>
/// A year of four clients in four time zones, two of them with summer time, of three agents with two metrics each, and two sources: days, weeks,
/// holidays, growth, noise, late batches, and anomalies planted where enough is usual for somebody to see them.
/// </summary>
internal sealed class GeneratedYear
{
    public const int Hours = 365 * 24;
    private const int Gap = 5 * 24;
    private const int FirstPlant = 5 * 7 * 24;
    private const double BusyRecords = 20;
    private static readonly string[] Zones = ["Europe/Berlin", "America/New_York", "Asia/Tokyo", "Etc/UTC"];
    private static readonly Instant Begin = Instant.FromUtc(2025, 1, 6, 0, 0);

    private readonly Chance chance;
    private readonly Dictionary<AnomalyLine, List<Plant>> byLine;

    public GeneratedYear(int seed)
    {
        chance = new Chance(seed);
        Lines = [.. Zones.SelectMany(ClientLines)];
        Sources = [AnomalyLine.OfSource("retell-main"), AnomalyLine.OfSource("twilio-main")];
        Plants = [.. Lines.SelectMany(PlantsOf), .. Sources.SelectMany(StormsOf)];
        byLine = Plants.GroupBy(plant => plant.Line).ToDictionary(plants => plants.Key, plants => plants.ToList());
    }

    public static long First { get; } = HoursOfWeek.Number(Begin);

    public static int Weeks => Hours / (7 * 24);

    public IReadOnlyList<YearLine> Lines { get; }

    public IReadOnlyList<AnomalyLine> Sources { get; }

    public IReadOnlyList<Plant> Plants { get; }

    /// <summary>What the line does in an hour as it is known when the hour is judged.</summary>
    public HourSum Hour(YearLine line, long number)
    {
        var (volume, price, late) = (1.0, 1.0, 0L);
        foreach (var plant in byLine.GetValueOrDefault(line.Line, []).Where(plant => number >= plant.Start && number < plant.End))
        {
            volume *= plant.Kind is AnomalyKinds.Spike or AnomalyKinds.Drop or AnomalyKinds.MissingData ? plant.Strength : 1;
            price *= plant.Kind == AnomalyKinds.PriceDrift ? plant.Strength : 1;
            late += plant.Kind == AnomalyKinds.LateBurst ? (long)plant.Strength : 0;
        }

        var mean = Mean(line, number);
        return line.Hour(HoursOfWeek.Start(number), mean, volume, price, chance) is var sum ? sum with { Late = sum.Late + late } : default;
    }

    /// <summary>The duplicates and runs of a source: two runs an hour, one of which may be late by an hour.</summary>
    public HourSum Runs(AnomalyLine source, long number)
    {
        var strength = byLine.GetValueOrDefault(source, []).Where(plant => number >= plant.Start && number < plant.End).Select(plant => plant.Strength).FirstOrDefault(1);
        var runs = chance.Whole(0, 20) == 0 ? chance.Whole(1, 4) : 2;
        return new HourSum(chance.Poisson(150 * runs * strength * Math.Exp(0.2 * chance.Normal())), 0, runs, 0, 0);
    }

    private static double Mean(YearLine line, long number) => line.Mean(HoursOfWeek.Start(number), (number - First) / (double)Hours);

    private IEnumerable<YearLine> ClientLines(string zone)
    {
        var holidays = Enumerable.Range(0, 9).Select(_ => Begin.InUtc().Date.PlusDays(chance.Whole(0, 365))).ToHashSet();
        var growth = chance.Between(0.1, 1);
        foreach (var (agent, peak) in (IEnumerable<(string, double)>)[("sales", 400), ("support", 90), ("nights", 25)])
        {
            yield return new YearLine(
                new AnomalyLine(zone, null, "retell", "call", agent, "second", "USD"), DateTimeZoneProviders.Tzdb[zone], holidays,
                peak, growth, 0.12, 95, 0.9, 0.00125m, 0, LateBatch: false);
            yield return new YearLine(
                new AnomalyLine(zone, null, "openrouter", "llm.tokens.input", agent, "token", "USD"), DateTimeZoneProviders.Tzdb[zone], holidays,
                peak * 2, growth, 0.2, 1800, 1.3, 0.00000025m, 0.01, LateBatch: agent == "support");
        }
    }

    private IEnumerable<Plant> PlantsOf(YearLine line)
    {
        var kinds = new[] { AnomalyKinds.Spike, AnomalyKinds.Drop, AnomalyKinds.MissingData, AnomalyKinds.PriceDrift, AnomalyKinds.LateBurst };
        var (place, turn) = (First + FirstPlant + chance.Whole(0, Gap), chance.Whole(0, kinds.Length));
        while (place < First + Hours - Gap)
        {
            if (Mean(line, place) >= BusyRecords && Mean(line, place + 1) >= BusyRecords && Mean(line, place + 2) >= BusyRecords)
            {
                var plant = PlantOf(line, kinds[turn++ % kinds.Length], place);
                yield return plant;
                place = plant.End + Gap + chance.Whole(0, Gap);
            }
            else
            {
                place += chance.Whole(1, 4);
            }
        }
    }

    private Plant PlantOf(YearLine line, string kind, long start) => kind switch
    {
        AnomalyKinds.Spike => new Plant(line.Line, kind, start, start + chance.Whole(2, 9), chance.Between(3, 8)),
        AnomalyKinds.Drop => new Plant(line.Line, kind, start, start + chance.Whole(4, 24), chance.Between(0.05, 0.3)),
        AnomalyKinds.MissingData => new Plant(line.Line, kind, start, start + chance.Whole(2, 36), 0),
        AnomalyKinds.PriceDrift => new Plant(line.Line, kind, start, start + chance.Whole(3, 72), 1 + (chance.Between(0.08, 0.5) * (chance.Whole(0, 2) == 0 ? 1 : -1))),
        _ => new Plant(line.Line, kind, start, start + 1, Math.Max(60, Math.Round(chance.Between(2, 6) * Mean(line, start) * (line.LateBatch ? 6 : 1)))),
    };

    private IEnumerable<Plant> StormsOf(AnomalyLine source)
    {
        for (var place = First + FirstPlant + chance.Whole(0, Gap); place < First + Hours - Gap; place += chance.Whole(2 * Gap, 4 * Gap))
        {
            yield return new Plant(source, AnomalyKinds.DuplicateStorm, place, place + chance.Whole(1, 6), chance.Between(5, 30));
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Lines.Count} lines, {Plants.Count} planted");
}
