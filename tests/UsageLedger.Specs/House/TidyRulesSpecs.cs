namespace UsageLedger.Specs.House;

/// <summary>Each rule catches an offence planted for it, and lets what only looks like one pass.</summary>
public sealed class TidyRulesSpecs
{
    private static readonly string SixtyOneLines = string.Concat(Enumerable.Repeat("        Step();\n", 58));

    [Fact]
    public void A_file_of_251_lines_is_long()
    {
        Offences(SizeRules.LongFile, new string('\n', 250) + "class A;\n").ShouldHaveSingleItem();
        Offences(SizeRules.LongFile, new string('\n', 249) + "class A;\n").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("    public async Task<int> Walk(int a = 1)\n    {\n{0}    }\n", "Walk")]
    [InlineData("    [Fact]\n    public void Walk<T>() where T : class => Run(() =>\n    {\n{0}    });\n", "Walk")]
    [InlineData("    public Planted(int a) : base(a)\n    {\n{0}    }\n", "Planted")]
    [InlineData("    public record Inner(int A)\n    {\n        void Walk()\n        {\n{0}        }\n    }\n", "Walk")]
    [InlineData("    public static bool operator ==(A a, A b)\n    {\n{0}    }\n", "operator ==")]
    public void A_method_of_61_lines_is_long(string member, string name) =>
        Offences(SizeRules.LongMethods, "namespace N;\n\npublic class Planted\n{\n" + member.Replace("{0}", SixtyOneLines, StringComparison.Ordinal) + "}\n")
            .ShouldHaveSingleItem().ShouldContain(name + " has 6");

    [Theory]
    [InlineData("    private const string Sql = \"\"\"\n{0}\n        \"\"\";\n")]
    [InlineData("    private static readonly Action[] All =\n    [\n        () => {\n{0}        }\n    ];\n")]
    [InlineData("    void A() => B(\"{\");\n    // {\n    char C() => '{';\n{1}")]
    public void What_is_long_but_no_method_passes(string member) =>
        Offences(SizeRules.LongMethods, "class Planted\n{\n" + member
            .Replace("{0}", SixtyOneLines, StringComparison.Ordinal)
            .Replace("{1}", string.Concat(Enumerable.Repeat("    int F() => 1;\n", 90)), StringComparison.Ordinal) + "}\n").ShouldBeEmpty();

    [Theory]
    [InlineData("double rate = 1;", 1)]
    [InlineData("var a = (float)b;", 1)]
    [InlineData("var a = 1.5d + 2f;", 2)]
    [InlineData("$\"{(double)a}\"", 1)]
    [InlineData("// a double\nvar a = \"float\"; var doubled = 1.5m; var hex = 0x1f;", 0)]
    public void A_binary_fraction_is_found(string code, int count) =>
        Offences(NumberAndTimeRules.BinaryFractions, code).Count.ShouldBe(count);

    [Theory]
    [InlineData("var now = DateTime.UtcNow;", 1)]
    [InlineData("var now = DateTimeOffset . Now;", 1)]
    [InlineData("IClock clock = NodaTime.SystemClock.Instance;", 1)]
    [InlineData("var at = Environment.TickCount64; var time = TimeProvider.System;", 2)]
    [InlineData("$\"at {DateTime.Today:d}\"", 1)]
    [InlineData("var now = clock.GetCurrentInstant(); // not DateTime.UtcNow", 0)]
    public void A_clock_asked_in_passing_is_found(string code, int count) =>
        Offences(NumberAndTimeRules.AmbientClocks, code).Count.ShouldBe(count);

    [Theory]
    [InlineData("""var a = $"select * from {table}";""", 1)]
    [InlineData("var a = $\"\"\"\n    insert into {table}\n    values ($1)\n    \"\"\";", 1)]
    [InlineData("""var a = "delete from " + table;""", 1)]
    [InlineData("""var a = $@"drop table {x}";""", 1)]
    [InlineData("""var a = "select 1 from t where a = $1";""", 0)]
    [InlineData("""public const string A = "select 1 from " + Tables;""", 0)]
    [InlineData("""var a = $"Cannot create {x}; select another from the list.";""", 0)]
    [InlineData("""var a = $"Updated {x} rows, set aside {y}.";""", 0)]
    public void Composed_SQL_is_found(string code, int count) => Offences(SqlRules.Composed, code).Count.ShouldBe(count);

    [Theory]
    [InlineData("""var a = "SELECT 1";""", 1)]
    [InlineData("""var a = "select 1 FROM t";""", 1)]
    [InlineData("""var a = "select 'A' from t";""", 0)]
    public void Shouted_SQL_is_found(string code, int count) => Offences(SqlRules.UpperCase, code).Count.ShouldBe(count);

    [Fact]
    public void A_shouting_schema_file_is_found() =>
        SqlRules.UpperCase("a.sql", "-- UPDATE in prose\ncreate table a (b text check (b <> 'DROP'));\nCREATE INDEX c on a (b);")
            .ShouldBe(["a.sql CREATE"]);

    [Theory]
    [InlineData("class CycleHelper;", 1)]
    [InlineData("internal interface IUtils { }", 1)]
    [InlineData("record struct CommonMoney(int A);", 1)]
    [InlineData("abstract class SpecBase;", 1)]
    [InlineData("class Base64Text; record BaseUrl; class Database; enum Commonwealth { }", 0)]
    [InlineData("// a helper\nclass A { string s = \"class Manager\"; }", 0)]
    public void A_name_that_says_nothing_is_found(string code, int count) => Offences(WordRules.BannedNames, code).Count.ShouldBe(count);

    [Fact]
    public void A_file_name_that_says_nothing_is_found() =>
        WordRules.BannedNames(CSharpText.Of("src/X/DateUtils.cs", "class A;")).ShouldHaveSingleItem();

    [Theory]
    [InlineData("// TODO: later", 1)]
    [InlineData("/* a HACK */", 1)]
    [InlineData("throw new NotImplementedException();", 1)]
    [InlineData("var a = \"TODO\"; // what is to do", 0)]
    public void What_waits_to_be_done_is_found(string code, int count) => Offences(WordRules.Promises, code).Count.ShouldBe(count);

    [Theory]
    [InlineData("// var a = 1;", 1)]
    [InlineData("// log.Append(a, b);", 1)]
    [InlineData("// total += cost;", 1)]
    [InlineData("/*\n * if (a > b)\n */", 1)]
    [InlineData("// public void Gone()", 1)]
    [InlineData("// The lock is held for the whole group (see above), so nobody can pass;", 0)]
    [InlineData("// for each stream there is one row (its head)", 0)]
    [InlineData("/// <c>var a = 1;</c>\n/// var a = 1;", 0)]
    public void Code_in_comments_is_found(string code, int count) => Offences(WordRules.CommentedOutCode, code).Count.ShouldBe(count);

    [Theory]
    [InlineData("public record Open(int A);", 1)]
    [InlineData("internal partial record class Open;", 1)]
    [InlineData("public sealed record A; public readonly record struct B(int C); public abstract record D;", 0)]
    public void An_open_record_is_found(string code, int count) => Offences(WordRules.OpenRecords, code).Count.ShouldBe(count);

    [Theory]
    [InlineData("src/UsageLedger.EventLog/A.cs", "using UsageLedger.Recording;", 1)]
    [InlineData("src/UsageLedger.EventLog/A.cs", "using static UsageLedger.EventTypes;", 1)]
    [InlineData("src/UsageLedger.EventLog/A.cs", "using Microsoft.AspNetCore.Http;", 1)]
    [InlineData("src/UsageLedger/A.cs", "using UsageLedger.Host.Embedded;", 1)]
    [InlineData("src/UsageLedger.Simulators/A.cs", "using UsageLedger.EventLog;", 1)]
    [InlineData("src/UsageLedger.EventLog/A.cs", "using UsageLedger.EventLog.Proof;", 0)]
    [InlineData("src/UsageLedger/A.cs", "using UsageLedger.EventLog; using Microsoft.AspNetCore.Http;", 0)]
    [InlineData("src/UsageLedger.Host/A.cs", "using UsageLedger.Recording;", 0)]
    public void A_name_from_above_is_found(string path, string code, int count) =>
        ArrowRules.Names(CSharpText.Of(path, code)).Count().ShouldBe(count);

    [Theory]
    [InlineData("src/UsageLedger.EventLog/UsageLedger.EventLog.csproj", "../UsageLedger/UsageLedger.csproj", 1)]
    [InlineData("src/UsageLedger/UsageLedger.csproj", "..\\UsageLedger.Host\\UsageLedger.Host.csproj", 1)]
    [InlineData("src/UsageLedger.New/UsageLedger.New.csproj", "../UsageLedger/UsageLedger.csproj", 1)]
    [InlineData("src/UsageLedger/UsageLedger.csproj", "../UsageLedger.EventLog/UsageLedger.EventLog.csproj", 0)]
    public void A_reference_upwards_is_found(string path, string to, int count) =>
        ArrowRules.References(path, $"<Project><ItemGroup><ProjectReference Include=\"{to}\" /></ItemGroup></Project>").Count().ShouldBe(count);

    [Fact]
    public void A_stray_file_at_the_root_is_found() =>
        TopLevelRules.Unlisted(["src", "README.md", "notes.txt", ".git", "bin"]).ShouldBe(["notes.txt"]);

    private static List<string> Offences(Func<CSharpText, IEnumerable<string>> rule, string code) =>
        [.. rule(CSharpText.Of("src/UsageLedger/Planted.cs", code))];
}
