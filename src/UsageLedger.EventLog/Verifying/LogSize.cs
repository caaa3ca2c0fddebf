using Npgsql;

namespace UsageLedger.EventLog.Verifying;

/// <summary>
/// How long the log is: its head, its tree and its rows each say it, and where one of them says otherwise the two others are
/// believed.
/// </summary>
internal static class LogSize
{
    private const string Select = """
        select
            (select position from ledger.log_head),
            coalesce((select max(seq_id) from ledger.mt_events), 0),
            coalesce((
                select index * 256 + length(hashes) / 32 from ledger.log_tiles
                where level = 0 and index between 0 and 36028797018963967
                order by index desc limit 1), 0),
            (select h.recorded_at = e.timestamp from ledger.log_head h join ledger.mt_events e on e.seq_id = h.position)
        """;

    public static async Task<long> ReadAsync(NpgsqlConnection connection, DamageReport report, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand(Select, connection);
        await using var reader = await select.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        var (rows, tree) = (reader.GetInt64(1), reader.GetInt64(2));
        var head = reader.IsDBNull(0) ? -1 : reader.GetInt64(0);
        var size = Math.Max(0, Median(head, rows, tree));
        if (head != size)
        {
            var says = head < 0 ? "is gone" : $"says that the log ends at {head}";
            report.Add(Math.Max(0, Math.Min(head, size)) + 1, DamageKind.HeadChanged, $"the row of log_head {says}; {size} events are there");
        }
        else if (!reader.IsDBNull(3) && !reader.GetBoolean(3))
        {
            report.Add(size, DamageKind.HeadChanged, "log_head does not say when the last event was recorded");
        }

        return size;
    }

    private static long Median(long a, long b, long c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
