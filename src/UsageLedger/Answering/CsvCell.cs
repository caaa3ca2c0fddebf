using System.Buffers;

namespace UsageLedger.Answering;

/// <summary>Cells of CSV (RFC 4180) that a spreadsheet shows as they stand: no text of anybody's is a formula to it.</summary>
public static class CsvCell
{
    /// <summary>The last four are what some spreadsheets read as the first four.</summary>
    private const string FormulaStarts = "=+-@\uFF1D\uFF0B\uFF0D\uFF20\t\r\n";
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");

    /// <summary>Anybody may have written it: what would be taken for a formula gets an apostrophe before it.</summary>
    public static string Text(string? text) =>
        Figure(text is { Length: > 0 } && FormulaStarts.Contains(text[0], StringComparison.Ordinal) ? "'" + text : text);

    /// <summary>A number, a time or a word of our own making; a number may begin with a minus.</summary>
    public static string Figure(string? figure) =>
        figure is null ? "" : figure.AsSpan().ContainsAny(Quoted) ? $"\"{figure.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : figure;
}
