using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using CsvHelper;
using NodaTime;
using UsageLedger.Recording;

namespace UsageLedger.Importing;

/// <summary>Reads traces of language models: for each row what went in and what came out, in tokens, at a time that is UTC.</summary>
internal sealed class LlmTraceFile(string fileName, UsageDefaults defaults, Instant now)
{
    private const string Input = "llm.tokens.input";
    private const string Output = "llm.tokens.output";

    private static readonly string[] Header = ["TIMESTAMP", "ContextTokens", "GeneratedTokens"];
    private static readonly string[] InputPointers = Pointers("/ContextTokens");
    private static readonly string[] OutputPointers = Pointers("/GeneratedTokens");

    private readonly UsageDraft input = new(now, Filled(defaults), InputPointers);
    private readonly UsageDraft output = new(now, Filled(defaults), OutputPointers);

    public async IAsyncEnumerable<ImportedUsage> ReadAsync(Stream file, [EnumeratorCancellation] CancellationToken ct)
    {
        var rows = -1L;
        var header = false;
        await foreach (var row in CsvRows.ReadAsync(file, ct))
        {
            rows++;
            if (row.Refused is { } refused)
            {
                yield return refused;
            }
            else if (rows == 0)
            {
                header = row.Cells.Current.ToArray().SequenceEqual(Header);
            }
            else if (row.Cells.FieldCount != Header.Length)
            {
                yield return ImportedUsage.Refused(row.Line, Refusals.InvalidRow, $"A row must have {Header.Length} cells.");
            }
            else
            {
                yield return new ImportedUsage(row.Line, Read(input, rows, Input, row.Cells, 1));
                yield return new ImportedUsage(row.Line, Read(output, rows, Output, row.Cells, 2));
            }

            if (!header)
            {
                yield return ImportedUsage.Refused(row.Line, Refusals.InvalidHeader, $"The header must be {string.Join(',', Header)}.");
                yield break;
            }
        }
    }

    private ParsedUsage Read(UsageDraft draft, long row, string metric, CsvReader cells, int tokens)
    {
        draft.Begin(-1);
        Text(draft, UsageMember.IdempotencyKey, string.Create(CultureInfo.InvariantCulture, $"{fileName}:{row}:{metric}"));
        Text(draft, UsageMember.Metric, metric);
        draft.Give(UsageMember.Quantity);
        draft.Number(UsageMember.Quantity, cells.GetSpan(tokens));
        draft.Give(UsageMember.OccurredAt);
        draft.Time(Encoding.UTF8.GetBytes(cells.GetString(0).Replace(' ', 'T') + 'Z'));
        return draft.End();
    }

    private static void Text(UsageDraft draft, UsageMember member, string text)
    {
        draft.Give(member);
        draft.Text(member, text);
    }

    private static UsageDefaults Filled(UsageDefaults defaults) => defaults with { Provider = "llm", Unit = "token" };

    private static string[] Pointers(string quantity)
    {
        var pointers = UsageMembers.Pointers.ToArray();
        pointers[(int)UsageMember.Quantity] = quantity;
        pointers[(int)UsageMember.OccurredAt] = "/TIMESTAMP";
        return pointers;
    }
}
