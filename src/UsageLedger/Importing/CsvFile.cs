using System.Runtime.CompilerServices;
using System.Text;
using CsvHelper;
using NodaTime;
using UsageLedger.Recording;

namespace UsageLedger.Importing;

/// <summary>Reads CSV files whose columns are the members of usage records.</summary>
internal sealed class CsvFile(UsageDefaults defaults, Instant now)
{
    private readonly UsageDraft draft = new(now, defaults, UsageMembers.Pointers);

    public async IAsyncEnumerable<ImportedUsage> ReadAsync(Stream file, [EnumeratorCancellation] CancellationToken ct)
    {
        CsvHeader? header = null;
        IReadOnlyList<FieldProblem> problems = [];
        await foreach (var row in CsvRows.ReadAsync(file, ct))
        {
            if (row.Refused is { } refused)
            {
                yield return refused;
            }
            else if (header is not null)
            {
                yield return new ImportedUsage(row.Line, Read(row.Cells, header));
            }
            else
            {
                (header, problems) = CsvHeader.Read(row.Cells.Current.ToArray());
            }

            if (header is null)
            {
                if (problems.Count > 0)
                {
                    yield return new ImportedUsage(row.Line, ParsedUsage.Refused(problems));
                }

                yield break;
            }
        }
    }

    private ParsedUsage Read(CsvReader cells, CsvHeader header)
    {
        if (cells.FieldCount != header.Count)
        {
            return ParsedUsage.Refused(new FieldProblem("", Refusals.InvalidRow,
                $"The row has {cells.FieldCount} cells, the header {header.Count}; quote cells that hold commas."));
        }

        draft.Begin(-1);
        for (var column = 0; column < header.Count; column++)
        {
            var cell = cells.GetSpan(column);
            if (!cell.IsEmpty)
            {
                Cell(header.Member(column), header.Name(column), cell);
            }
        }

        return draft.End();
    }

    private void Cell(UsageMember member, string name, ReadOnlySpan<byte> cell)
    {
        if (member == UsageMember.Attributes)
        {
            draft.Attribute(UsageMembers.Pointers[(int)member], name, Encoding.UTF8.GetString(cell));
            return;
        }

        draft.Give(member);
        if (member < UsageMember.Quantity)
        {
            draft.Text(member, cell);
        }
        else if (member < UsageMember.OccurredAt)
        {
            draft.Number(member, cell);
        }
        else if (member == UsageMember.OccurredAt)
        {
            draft.Time(cell);
        }
        else if (cell.SequenceEqual("true"u8) || cell.SequenceEqual("false"u8))
        {
            draft.Revise(cell.SequenceEqual("true"u8));
        }
        else
        {
            draft.Refuse(member, (Refusals.WrongType, "must be true or false"));
        }
    }
}
