using UsageLedger.Reconciling.Reports;

namespace UsageLedger.Specs.Reconciling;

/// <summary>A report in a spreadsheet says what it says, and does nothing.</summary>
public sealed class ReportCsvSpecs
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("-12.5", "-12.5")]
    [InlineData("-5e3", "-5e3")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1+1", "'-1+1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\tx", "'\tx")]
    [InlineData("\rx", "\"'\rx\"")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"x\"", "\"say \"\"x\"\"\"")]
    [InlineData("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"")]
    [InlineData(null, "")]
    public void A_cell_is_text_or_a_number_and_never_a_formula(string? text, string cell) => ReportCsv.Cell(text).ShouldBe(cell);
}
