using UsageLedger.Answering;

namespace UsageLedger.Specs.Web;

/// <summary>What anybody wrote says in a spreadsheet what it says, and does nothing.</summary>
public sealed class CsvCellSpecs
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1+1", "'-1+1")]
    [InlineData("-12.5", "'-12.5")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\tx", "'\tx")]
    [InlineData("\rx", "\"'\rx\"")]
    [InlineData("\nx", "\"'\nx\"")]
    [InlineData("\uFF1D1+1", "'\uFF1D1+1")]
    [InlineData("\uFF0B1", "'\uFF0B1")]
    [InlineData("\uFF0D1", "'\uFF0D1")]
    [InlineData("\uFF20x", "'\uFF20x")]
    [InlineData("a=1", "a=1")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"x\"", "\"say \"\"x\"\"\"")]
    [InlineData("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void A_text_is_never_a_formula(string? text, string cell) => CsvCell.Text(text).ShouldBe(cell);

    [Theory]
    [InlineData("-12.5", "-12.5")]
    [InlineData("0.1", "0.1")]
    [InlineData("2026-10-01T00:00:00Z", "2026-10-01T00:00:00Z")]
    [InlineData(null, "")]
    public void A_figure_stays_as_it_is(string? figure, string cell) => CsvCell.Figure(figure).ShouldBe(cell);
}
