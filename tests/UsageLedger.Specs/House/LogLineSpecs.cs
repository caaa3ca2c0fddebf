using System.Text.RegularExpressions;

namespace UsageLedger.Specs.House;

/// <summary>Whoever reads logs, or is woken by them, tells lines apart by their event ids.</summary>
public sealed partial class LogLineSpecs
{
    [Fact]
    public void Each_log_line_has_an_event_id_of_its_own()
    {
        var ids = Repository.Files("src", "*.cs").SelectMany(path => Line().Matches(Repository.Text(path)).Select(line => (Id: line.Groups["id"].Value, Path: path))).ToList();

        ids.Count.ShouldBeGreaterThan(10);
        ids.Where(line => line.Id == "").ShouldBeEmpty();
        ids.GroupBy(line => line.Id).Where(same => same.Count() > 1).SelectMany(same => same).ShouldBeEmpty();
    }

    [GeneratedRegex(@"\[LoggerMessage\(\s*(?:EventId\s*=\s*)?(?<id>\d*)")]
    private static partial Regex Line();
}
