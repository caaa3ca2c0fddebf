namespace UsageLedger.Specs.House;

/// <summary>Each compose rule catches what was planted for it.</summary>
public sealed class ComposeRulesSpecs
{
    [Theory]
    [InlineData("postgres")]
    [InlineData("postgres:latest")]
    [InlineData("postgres:18")]
    [InlineData("dotnet/aspnet:${TAG}")]
    public void A_floating_image_is_found(string image) => ComposeRules.Floating([image, "postgres:18.4", "a/b/sdk:10.0.401-noble"]).ShouldBe([image]);

    [Fact]
    public void An_unguarded_variable_is_found() =>
        ComposeRules.Unguarded("a: ${A} $B ${C:?say why} ${D:-d} ${E:?} $$F").ShouldBe(["${A}", "$B", "${E:?}"]);

    [Fact]
    public void An_unknown_setting_is_found() =>
        ComposeRules.UnknownSettings(["Ledger__DataDir", "Ledger__DataDri"], ["Ledger__DataDir"]).ShouldBe(["Ledger__DataDri"]);

    [Fact]
    public void Settings_of_an_image_are_read_over_its_lines() =>
        ComposeRules.ImageSettings("ENV A= \\\n    B__C=/data\nRUN x=1\nENV D=2\n").ShouldBe(["A", "B__C", "D"]);

    [Fact]
    public void An_open_port_is_found() =>
        ComposeRules.OpenPorts(["5080:5080", "127.0.0.1:5081:5081", "0.0.0.0:5082:5082"]).ShouldBe(["5080:5080", "0.0.0.0:5082:5082"]);

    [Theory]
    [InlineData("image: postgres:18.4\n", false)]
    [InlineData("logging:\n  options:\n    max-size: 50m\n", false)]
    [InlineData("logging:\n  options:\n    max-size: 50m\n    max-file: \"5\"\n", true)]
    public void A_log_without_a_bound_is_found(string service, bool bounded) => ComposeRules.HasBoundedLog(YamlText.Parse(service)).ShouldBe(bounded);

    [Fact]
    public void Maps_and_lists_are_read()
    {
        var read = YamlText.Parse("# c\na:\n  b: 1\n  c:\n    - x=1\n    # c\n    - \"y: z\"\n  d: [\"p\", \"q\"]\ne: {}\nf:\n");
        var a = (IReadOnlyDictionary<string, object>)read["a"];

        a["b"].ShouldBe("1");
        a["c"].ShouldBe(new List<string> { "x=1", "y: z" });
        a["d"].ShouldBe(new List<string> { "p", "q" });
        read["e"].ShouldBe(new Dictionary<string, object>());
        read["f"].ShouldBe(string.Empty);
    }

    [Theory]
    [InlineData("a:\n   b: 1\n")]
    [InlineData("a:\n    b: 1\n")]
    [InlineData("a: 1\na: 2\n")]
    [InlineData("a:\n\tb: 1\n")]
    [InlineData("a: [p, q]\n")]
    [InlineData("a: *b\n")]
    [InlineData("a: b: c\n")]
    [InlineData("a: b # c\n")]
    [InlineData("a:\n  - b\n  c: d\n")]
    [InlineData("just text\n")]
    public void What_YAML_might_read_otherwise_is_refused(string text) => Should.Throw<FormatException>(() => YamlText.Parse(text));
}
