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

    [Fact]
    public void Every_spec_that_a_page_names_is_one()
    {
        var classes = Repository.Files("tests", "*.cs").SelectMany(path => SpecClass().Matches(Repository.Text(path))).Select(match => match.Groups["name"].Value).ToHashSet();
        var named = Repository.Files("adr", "*.md").Concat(Repository.Files("docs", "*.md"))
            .SelectMany(path => NamedSpec().Matches(Repository.Text(path)).Select(match => (Path: path, Spec: match.Groups["name"].Value))).ToList();

        named.Count.ShouldBeGreaterThan(100);
        named.Where(one => !classes.Contains(one.Spec)).ShouldBeEmpty();
    }

    [GeneratedRegex(@"\bclass (?<name>\w+(Specs|Properties))\b")]
    private static partial Regex SpecClass();

    [GeneratedRegex(@"`(?<name>[A-Z]\w*(Specs|Properties))(\.\w+)?`")]
    private static partial Regex NamedSpec();

    [GeneratedRegex(@"\A# (?<number>\d+)\. (?<title>.+)")]
    private static partial Regex Title();
}
