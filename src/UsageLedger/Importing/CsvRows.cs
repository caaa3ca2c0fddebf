using System.Runtime.CompilerServices;
using System.Text.Unicode;
using CsvHelper;
using UsageLedger.Recording;

namespace UsageLedger.Importing;

/// <summary>A row of a CSV file, or why it or the rest of the file cannot be read.</summary>
/// <param name="Line">Where the row starts.</param>
/// <param name="Cells">Stands at the row until the next is asked for.</param>
internal readonly record struct FileRow(long Line, CsvReader Cells, ImportedUsage? Refused);

/// <summary>Reads RFC 4180 row by row, holding one at a time.</summary>
internal static class CsvRows
{
    public static async IAsyncEnumerable<FileRow> ReadAsync(Stream file, [EnumeratorCancellation] CancellationToken ct)
    {
        var malformed = new Queue<long>();
        using var cells = CsvReader.Create(file, new CsvReaderOptions
        {
            Separator = ',',
            HasHeader = false,
            TrackLineNumbers = true,
            MaxRecordSize = FileLines.LineBytesMax,
            IncludeValuesInExceptions = false,
            OnMalformedRecord = record => malformed.Enqueue(record.LineNumber)
        }, leaveOpen: true);
        while (true)
        {
            var (more, broken) = await NextAsync(cells, ct);
            if (broken is not null)
            {
                yield return Refused(broken.LineNumber, cells, Refusals.LineTooLong,
                    $"A row may hold {FileLines.LineBytesMax} bytes; nothing from here on was read; see whether a quote is left open.");
            }

            if (!more)
            {
                yield break;
            }

            yield return Checked(cells, malformed);
        }
    }

    private static async Task<(bool More, CsvFormatException? Broken)> NextAsync(CsvReader cells, CancellationToken ct)
    {
        try
        {
            return (await cells.ReadAsync(ct), null);
        }
        catch (CsvFormatException broken)
        {
            return (false, broken);
        }
    }

    private static FileRow Checked(CsvReader cells, Queue<long> malformed)
    {
        var line = cells.LineNumber;
        var isMalformed = false;
        while (malformed.TryPeek(out var at) && at <= line)
        {
            isMalformed |= malformed.Dequeue() == line;
        }

        return isMalformed
            ? Refused(line, cells, Refusals.InvalidRow, "A quote stands where RFC 4180 allows none: quote the whole cell and double the quotes in it.")
            : Utf8.IsValid(cells.RawRecord)
                ? new FileRow(line, cells, null)
                : Refused(line, cells, Refusals.InvalidUtf8, "The row is not UTF-8.");
    }

    private static FileRow Refused(long line, CsvReader cells, string code, string message) =>
        new(line, cells, ImportedUsage.Refused(line, code, message));
}
