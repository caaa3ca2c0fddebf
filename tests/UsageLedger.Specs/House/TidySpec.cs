namespace UsageLedger.Specs.House;

/// <summary>The house style, where a machine can judge it.</summary>
public sealed class TidySpec
{
    /// <summary>Where a fraction is no amount, but the seconds that something took.</summary>
    private static readonly string[] FractionsAreNoAmounts = ["src/UsageLedger/Telemetry/LedgerTelemetry.cs"];

    /// <summary>Where the clock is handed to everyone else.</summary>
    private static readonly string[] ClocksAreHandedOut = ["src/UsageLedger.Host/LedgerServices.cs"];

    [Fact]
    public void Files_are_short() => InSources(SizeRules.LongFile);

    [Fact]
    public void Methods_fit_a_screen() => InAll(SizeRules.LongMethods);

    [Fact]
    public void Amounts_are_never_binary_fractions() =>
        InSources(NumberAndTimeRules.BinaryFractions, "src/UsageLedger/", FractionsAreNoAmounts);

    [Fact]
    public void Time_comes_in_as_a_value() => InSources(NumberAndTimeRules.AmbientClocks, "src/", ClocksAreHandedOut);

    [Fact]
    public void SQL_is_never_composed() => InSources(SqlRules.Composed);

    [Fact]
    public void SQL_is_in_lower_case() => InAll(SqlRules.UpperCase);

    [Fact]
    public void Schema_files_are_in_lower_case() =>
        None(Repository.Files("src", "*.sql").SelectMany(path => SqlRules.UpperCase(path, Repository.Text(path))));

    [Fact]
    public void Names_say_what_a_thing_is() => InAll(WordRules.BannedNames);

    [Fact]
    public void Nothing_waits_to_be_done() => InAll(WordRules.Promises);

    [Fact]
    public void No_code_sleeps_in_comments() => InAll(WordRules.CommentedOutCode);

    [Fact]
    public void Records_are_sealed() => InSources(WordRules.OpenRecords);

    [Fact]
    public void Projects_refer_only_downwards() =>
        None(Repository.Files("src", "*.csproj").SelectMany(path => ArrowRules.References(path, Repository.Text(path))));

    [Fact]
    public void Code_names_only_what_its_project_may_know() => InSources(ArrowRules.Names);

    [Fact]
    public void Only_what_is_listed_lies_at_the_root() =>
        None(TopLevelRules.Unlisted(new DirectoryInfo(Repository.Root).EnumerateFileSystemInfos().Select(entry => entry.Name)));

    private static void InAll(Func<CSharpText, IEnumerable<string>> rule) =>
        None(Repository.Sources.Concat(Repository.Specs).SelectMany(rule));

    private static void InSources(Func<CSharpText, IEnumerable<string>> rule, string below = "src/", params string[] except) =>
        None(Repository.Sources.Where(source => source.Path.StartsWith(below, StringComparison.Ordinal) && !except.Contains(source.Path)).SelectMany(rule));

    private static void None(IEnumerable<string> offences) => string.Join('\n', offences).ShouldBeEmpty("the house style is broken here");
}
