using System.Buffers;
using System.Text.Json;
using UsageLedger.Importing;
using UsageLedger.Recording;

namespace UsageLedger.Reconciling.Invoices;

/// <summary>
/// Makes a CSV file into the JSON object that an invoice is posted as, so that both are read by the same rules and refused by the same
/// pointers: each row is a line; what is of the invoice whole stands in columns of its own, the same in every row or in the first alone.
/// </summary>
internal static class InvoiceCsv
{
    private static readonly string[] OfInvoice = ["provider", "sourceId", "number", "periodStart", "periodEnd", "timeZone", "currency", "total", "revision"];
    private static readonly string[] OfLine = ["id", "metric", "resourceId", "date", "unit", "quantity", "amount"];

    /// <returns>The JSON, or what is wrong.</returns>
    public static async Task<(ReadOnlyMemory<byte> Json, IReadOnlyList<FieldProblem> Problems)> ToJsonAsync(Stream file, CancellationToken ct)
    {
        string[]? header = null;
        var (whole, lines, problems) = (new SortedDictionary<string, string>(StringComparer.Ordinal), new List<string[]>(), new List<FieldProblem>());
        await foreach (var row in CsvRows.ReadAsync(file, ct))
        {
            if (row.Refused is { } refused)
            {
                problems.AddRange(refused.Usage.Problems);
            }
            else if (header is null)
            {
                problems.AddRange(Unknown(header = row.Cells.Current.ToArray()));
            }
            else if (lines.Count == ProviderInvoice.LinesMax)
            {
                problems.Add(new FieldProblem("/lines", "too_many", $"lines must not hold more than {ProviderInvoice.LinesMax} items."));
            }
            else if (row.Cells.FieldCount != header.Length)
            {
                problems.Add(new FieldProblem("/lines/" + Numbers.Text(lines.Count), Refusals.InvalidRow, $"The row has {row.Cells.FieldCount} cells, the header {header.Length}."));
            }
            else
            {
                lines.Add(row.Cells.Current.ToArray());
                Take(header, lines[^1], whole, problems);
            }

            if (problems.Count > 0)
            {
                return (default, problems);
            }
        }

        return header is null
            ? (default, [new FieldProblem("", Refusals.EmptyBody, "The file is empty; its first row names the columns.")])
            : (Write(header, whole, lines), []);
    }

    private static IEnumerable<FieldProblem> Unknown(string[] header) => header.Index()
        .Where(column => !(OfInvoice.Contains(column.Item) || OfLine.Contains(column.Item)) || Array.IndexOf(header, column.Item) < column.Index)
        .Select(column => new FieldProblem(
            JsonPointer.Member("", column.Item), Refusals.InvalidHeader, $"A column is one of {string.Join(", ", OfInvoice)}, {string.Join(", ", OfLine)}; each once."));

    private static void Take(string[] header, string[] cells, SortedDictionary<string, string> whole, List<FieldProblem> problems)
    {
        for (var column = 0; column < header.Length; column++)
        {
            if (OfInvoice.Contains(header[column]) && cells[column].Length > 0 && !whole.TryAdd(header[column], cells[column]) && whole[header[column]] != cells[column])
            {
                problems.Add(new FieldProblem(JsonPointer.Member("", header[column]), "differing_rows", $"{header[column]} must be the same in every row."));
            }
        }
    }

    private static ReadOnlyMemory<byte> Write(string[] header, SortedDictionary<string, string> whole, List<string[]> lines)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in whole)
            {
                Member(json, name, value);
            }

            json.WriteStartArray("lines");
            foreach (var cells in lines)
            {
                json.WriteStartObject();
                for (var column = 0; column < header.Length; column++)
                {
                    if (OfLine.Contains(header[column]) && cells[column].Length > 0)
                    {
                        json.WriteString(header[column], cells[column]);
                    }
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void Member(Utf8JsonWriter json, string name, string value)
    {
        if (value is "true" or "false")
        {
            json.WriteBoolean(name, value == "true");
        }
        else
        {
            json.WriteString(name, value);
        }
    }
}
