using System.Buffers;
using System.Text;

namespace UsageLedger.Exporting;

/// <summary>Writes rows of CSV (RFC 4180). No text in them is a formula to a spreadsheet.</summary>
internal sealed class CsvCells(ExportOutput output)
{
    private const string FormulaStarts = "=+-@\t\r\n";
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");

    private bool first = true;

    /// <summary>Anybody may have written it: what a spreadsheet would take for a formula gets an apostrophe before it.</summary>
    public CsvCells Text(string? text) =>
        Raw(text is { Length: > 0 } && FormulaStarts.Contains(text[0], StringComparison.Ordinal) ? "'" + text : text ?? "");

    /// <summary>A number or a time of our own making; a number may begin with a minus.</summary>
    public CsvCells Figure(string? figure) => Raw(figure ?? "");

    public CsvCells Flag(bool flag) => Raw(flag ? "true" : "false");

    public void EndRow()
    {
        output.Text("\r\n");
        first = true;
    }

    public void Header(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            Raw(name);
        }

        EndRow();
    }

    private CsvCells Raw(string text)
    {
        if (!first)
        {
            output.Text(",");
        }

        first = false;
        output.Text(text.AsSpan().ContainsAny(Quoted) ? new StringBuilder(text).Replace("\"", "\"\"").Insert(0, '"').Append('"').ToString() : text);
        return this;
    }
}
