using System.Text.RegularExpressions;

namespace UsageLedger.Specs.House;

/// <summary>What the pages for contributors name is there: files and folders by their paths, types and members by their names.</summary>
public sealed partial class ContributorPageSpecs
{
    [Theory]
    [InlineData("docs/contributing.md")]
    [InlineData("docs/another-vendor.md")]
    public void What_is_named_exists(string path)
    {
        var named = Marked().Matches(Repository.Text(path)).Select(match => match.Groups["name"].Value).Distinct().ToList();

        named.Count.ShouldBeGreaterThan(5);
        named.Where(IsPlace).Where(name => !Path.Exists(Path.Combine(Repository.Root, name))).ShouldBeEmpty();
        named.Where(name => Identifier().IsMatch(name)).Where(name => !IsWritten(name)).ShouldBeEmpty();
        named.Where(name => name.EndsWith(".sql", StringComparison.Ordinal) || name.EndsWith(".cs", StringComparison.Ordinal))
            .Where(name => !Repository.Files("src", Path.GetFileName(name)).Any()).ShouldBeEmpty();
    }

    [Fact]
    public void A_name_that_nobody_has_is_missed() => IsWritten("NobodyWouldCallAnythingThis" + "Here").ShouldBeFalse();

    private static bool IsPlace(string name) => name.Split(' ') is [var place] && Tops().IsMatch(place);

    private static bool IsWritten(string name) =>
        Repository.Sources.Concat(Repository.Specs).Any(source => Regex.IsMatch(source.Code, $@"\b{name}\b"))
        || Directory.Exists(Path.Combine(Repository.Root, "src/UsageLedger", name))
        || Directory.Exists(Path.Combine(Repository.Root, "src/UsageLedger/Collecting", name));

    [GeneratedRegex(@"(?<!`)`(?<name>[^`\n]+)`(?!`)")]
    private static partial Regex Marked();

    [GeneratedRegex(@"^(src|tests|build|adr|docs)(/|$)")]
    private static partial Regex Tops();

    [GeneratedRegex(@"^I?[A-Z][A-Za-z]+$")]
    private static partial Regex Identifier();
}
