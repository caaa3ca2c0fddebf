using UsageLedger.Answering;

namespace UsageLedger.Exporting;

/// <summary>Writes rows of CSV.</summary>
internal sealed class CsvCells(ExportOutput output)
{
    private bool first = true;

    /// <inheritdoc cref="CsvCell.Text"/>
    public CsvCells Text(string? text) => Cell(CsvCell.Text(text));

    /// <inheritdoc cref="CsvCell.Figure"/>
    public CsvCells Figure(string? figure) => Cell(CsvCell.Figure(figure));

    public CsvCells Flag(bool flag) => Cell(flag ? "true" : "false");

    public void EndRow()
    {
        output.Text("\r\n");
        first = true;
    }

    public void Header(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            Cell(name);
        }

        EndRow();
    }

    private CsvCells Cell(string cell)
    {
        if (!first)
        {
            output.Text(",");
        }

        first = false;
        output.Text(cell);
        return this;
    }
}
