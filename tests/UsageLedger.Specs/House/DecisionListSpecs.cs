using System.Text.RegularExpressions;

namespace UsageLedger.Specs.House;

public sealed partial class DecisionListSpecs
{
    [Fact]
    public void Every_decision_has_a_line_in_the_list_with_its_number_and_title()
    {
        var decisions = Repository.Files("adr", "*.md").Where(path => path != "adr/README.md")
            .Select(path => (Path: path[4..], Title: Title().Match(Repository.Text(path))))
            .Select(decision => $"{decision.Title.Groups["number"]}. [{decision.Title.Groups["title"]}]({decision.Path})");

        Repository.Text("adr/README.md").Split('\n').Where(line => line.Length > 0 && char.IsAsciiDigit(line[0])).ShouldBe(decisions);
    }

    [GeneratedRegex(@"\A# (?<number>\d+)\. (?<title>.+)")]
    private static partial Regex Title();
}
