namespace UsageLedger.IntegrationSpecs.Verifying.Edits;

/// <summary>Rows of events are changed, moved or taken out.</summary>
internal static class RowEdits
{
    private const string Changed = "entry_changed";
    private const int RangeMax = 400;

    private static readonly string[] Nullable = ["tenant_id", "stream_id", "correlation_id", "is_archived"];

    public static IEnumerable<Edit> All =>
    [
        new("digit", DigitAsync),
        new("time", (log, random) => ChangeAsync(log, random, $"timestamp = timestamp + {random.Next(1, 1_000_000_000)} * interval '1 microsecond'")),
        new("time back", (log, random) => ChangeAsync(log, random, $"timestamp = timestamp - {random.Next(1, 1_000_000_000)} * interval '1 microsecond'")),
        new("move to a stream", (log, random) => ChangeAsync(log, random, "stream_id = stream_id || '-2'")),
        new("move to a tenant", (log, random) => ChangeAsync(log, random, "tenant_id = case tenant_id when 'acme' then 'globex' else 'acme' end, version = version + 100000")),
        new("null a column", (log, random) => ChangeAsync(log, random, Nullable[random.Next(Nullable.Length)] + " = null")),
        new("delete", DeleteAsync),
        new("delete a range", DeleteRangeAsync),
    ];

    /// <summary>Each column that the table has, so that a new one cannot be forgotten.</summary>
    public static IEnumerable<Edit> OfColumns(EditedLog log) => log.Columns.Where(column => column.Table == "mt_events").Select(column => new Edit(
        $"column {column.Column}",
        (edited, random) => column.Column == "seq_id"
            ? MoveAwayAsync(edited, random)
            : ChangeAsync(edited, random, $"{column.Column} = {ColumnValue.Another(column.Column, column.Type, random)}")));

    private static async Task<Expected> DigitAsync(EditedLog log, Random random)
    {
        var position = log.Position(random);
        var text = (await log.AskAsync<string>("select data::text from ledger.mt_events where seq_id = $1", position)).ToCharArray();
        var digits = Enumerable.Range(0, text.Length).Where(at => char.IsAsciiDigit(text[at])).ToList();
        var digit = digits[random.Next(digits.Count)];
        text[digit] = (char)('0' + ((text[digit] - '0' + 1 + random.Next(9)) % 10));
        await log.DoAsync("update ledger.mt_events set data = $2::text::jsonb where seq_id = $1", position, new string(text));
        return Expected.Only(position, Changed);
    }

    private static async Task<Expected> ChangeAsync(EditedLog log, Random random, string change)
    {
        var position = log.Position(random);
        await log.DoAsync($"update ledger.mt_events set {change} where seq_id = $1", position);
        return Expected.Only(position, Changed);
    }

    private static async Task<Expected> MoveAwayAsync(EditedLog log, Random random)
    {
        var position = log.Position(random);
        await log.DoAsync("update ledger.mt_events set seq_id = $2 where seq_id = $1", position, log.Size + position);
        return new([(position, "missing"), (log.Size + position, "inserted")]);
    }

    private static async Task<Expected> DeleteAsync(EditedLog log, Random random)
    {
        var position = log.Position(random);
        await log.DoAsync("delete from ledger.mt_events where seq_id = $1", position);
        return Expected.Only(position, "missing");
    }

    private static async Task<Expected> DeleteRangeAsync(EditedLog log, Random random)
    {
        var (first, count) = (random.NextInt64(1, log.Size - RangeMax), random.Next(2, RangeMax));
        await log.DoAsync("delete from ledger.mt_events where seq_id between $1 and $2", first, first + count - 1);
        return new([.. Enumerable.Range(0, count).Select(i => (first + i, "missing"))]);
    }
}
