using System.Globalization;
using System.Text;
using Xunit.Abstractions;

namespace UsageLedger.Specs.Anomalies;

/// <summary>
/// How good the rules are: of what was planted into a year, how much is found, and how often they cry wolf. A planted anomaly counts as found only
/// when an anomaly of its kind and line opens in one of its own hours. Every other one that opens is a false alarm: of another kind, before, after,
/// a second time, an echo in a later week. The rules were set on the first two seeds; the third is a year that they had never seen.
/// </summary>
public sealed class GeneratedYearSpecs(ITestOutputHelper output)
{
    private const double RecallMin = 0.95;
    private const double FalseAlarmsMax = 1;

    [Theory]
    [InlineData(20261121)]
    [InlineData(4)]
    [InlineData(7)]
    public void Of_what_is_planted_in_a_year_the_rules_find_nearly_all_and_seldom_cry_wolf(int seed)
    {
        var year = new GeneratedYear(seed);
        var unmatched = YearWatch.Alarms(year);
        var found = new HashSet<Plant>();
        foreach (var plant in year.Plants)
        {
            if (unmatched.Find(alarm => plant.IsFoundBy(alarm.Line, alarm.Found.Kind, alarm.Hour)) is { } alarm)
            {
                found.Add(plant);
                unmatched.Remove(alarm);
            }
        }

        var poor = new List<string>();
        var clientWeeks = year.Lines.Select(line => line.Line.ClientId).Distinct().Count() * GeneratedYear.Weeks;
        var report = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"seed {seed}: {year}, {clientWeeks} client weeks");
        foreach (var kind in year.Plants.GroupBy(plant => plant.Kind).OrderBy(kind => kind.Key, StringComparer.Ordinal))
        {
            var (all, hit, wrong) = (kind.Count(), kind.Count(found.Contains), unmatched.Count(alarm => alarm.Found.Kind == kind.Key));
            report.AppendLine(CultureInfo.InvariantCulture, $"{kind.Key}: {hit} of {all} found ({(double)hit / all:P1}), {wrong} false ({(double)wrong / clientWeeks:0.000} a client and week)");
            poor.AddRange((double)hit / all < RecallMin ? [kind.Key] : Array.Empty<string>());
        }

        report.AppendLine(CultureInfo.InvariantCulture, $"all: {found.Count} of {year.Plants.Count} found ({(double)found.Count / year.Plants.Count:P1}), {unmatched.Count} false ({(double)unmatched.Count / clientWeeks:0.000} a client and week)");
        output.WriteLine(report.ToString());
        poor.ShouldBeEmpty(report.ToString());
        ((double)found.Count / year.Plants.Count).ShouldBeGreaterThanOrEqualTo(RecallMin, report.ToString());
        ((double)unmatched.Count / clientWeeks).ShouldBeLessThanOrEqualTo(FalseAlarmsMax, report.ToString());
    }
}
