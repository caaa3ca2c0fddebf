namespace UsageLedger.Specs.House;

public sealed class CSharpTextSpecs
{
    [Theory]
    [InlineData("""a("x{y}z");""", "a();")]
    [InlineData("""a(@"x\" + b);""", "a(+b);")]
    [InlineData("""a($"x{b("q")}z");""", "a(b());")]
    [InlineData("""a($"{b:N2}{{c}}");""", "a(b);")]
    [InlineData("a(\"\"\"x\"y\"\"\");", "a();")]
    [InlineData("a('\"', '\\'', '{');", "a(,,);")]
    [InlineData("a(); // b()", "a();")]
    [InlineData("a(/* b */ c);", "a(c);")]
    public void Strings_and_comments_are_no_code(string text, string code)
    {
        var read = CSharpText.Of("a.cs", text);

        read.Code.Length.ShouldBe(text.Length);
        string.Concat(read.Code.Where(character => character is not (' ' or '"'))).ShouldBe(code);
    }

    [Fact]
    public void A_hole_is_code_and_the_rest_is_text()
    {
        var read = CSharpText.Of("a.cs", "\nvar a = $$\"\"\"\n  {x} {{now(\"in\")}} z\n  \"\"\";");

        read.Code.ShouldContain("now(");
        read.Literals.Select(literal => (literal.Text.Trim(), literal.HasHoles)).ShouldBe([("in", false), ("{x}  z", true)]);
        read.LineOf(read.Text.IndexOf("now", StringComparison.Ordinal)).ShouldBe(3);
    }

    [Fact]
    public void Every_brace_of_the_house_has_its_partner() =>
        Repository.Sources.Concat(Repository.Specs)
            .Where(source => source.Code.Count(character => character == '{') != source.Code.Count(character => character == '}'))
            .Select(source => source.Path).ShouldBeEmpty();
}
