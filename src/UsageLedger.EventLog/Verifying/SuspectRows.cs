using Npgsql;
using UsageLedger.EventLog.Proof;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.EventLog.Verifying;

/// <summary>Rows that are not what was appended: a closer look tells those that changed places from those that changed.</summary>
internal sealed class SuspectRows(DamageReport report)
{
    private const int ComparedMax = 200;

    private const string Select = """
        select e.seq_id, e.id, e.tenant_id, e.stream_id, e.version, e.type, e.timestamp, e.correlation_id, e.data::text
        from ledger.mt_events e
        where e.seq_id = any($1)
        """;

    private readonly List<(long Position, byte[] Appended)> suspects = [];

    public void Add(long position, ReadOnlySpan<byte> appended)
    {
        if (suspects.Count == DamageReport.ListedMax)
        {
            report.Add(position, DamageKind.EntryChanged, "the event is not what was appended");
            return;
        }

        suspects.Add((position, appended.ToArray()));
    }

    /// <summary>Reports every suspect; the first few hundred are tried in each other's place.</summary>
    public async Task ReportAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var compared = await RowsAsync(connection, [.. suspects.Take(ComparedMax).Select(suspect => suspect.Position)], ct);
        foreach (var (position, appended) in suspects)
        {
            var own = compared.Find(row => row.Position == position);
            var other = own is null ? null : compared.Find(row => row.Position != position && IsExchanged(own, row, appended));
            if (other is null)
            {
                report.Add(position, DamageKind.EntryChanged, "the event is not what was appended");
            }
            else
            {
                report.Add(position, DamageKind.Swapped, $"what was appended here stands at position {other.Position}");
            }
        }
    }

    /// <summary>Whether the row is what was appended once it has back what the other one holds: all of it, its content, or its payload.</summary>
    private static bool IsExchanged(StoredEvent own, StoredEvent other, byte[] appended)
    {
        var content = own with { Type = other.Type, RecordedAt = other.RecordedAt, CorrelationId = other.CorrelationId, Data = other.Data };
        StoredEvent[] exchanges = [other with { Position = own.Position }, own with { Data = other.Data }, content, content with { Id = other.Id }];
        return Array.Exists(exchanges, exchange => HashOf(exchange).AsSpan().SequenceEqual(appended));
    }

    private static byte[] HashOf(StoredEvent stored)
    {
        var entry = new byte[LogEntry.MaxLength(stored)];
        var hash = new byte[TreeHasher.HashLength];
        TreeHasher.Leaf(entry.AsSpan(0, LogEntry.Write(entry, stored)), hash);
        return hash;
    }

    private static async Task<List<StoredEvent>> RowsAsync(NpgsqlConnection connection, long[] positions, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand(Select, connection) { Parameters = { new() { Value = positions } } };
        await using var reader = await select.ExecuteReaderAsync(ct);
        var rows = new List<StoredEvent>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add(EventRow.Read(reader, 0));
        }

        return rows;
    }
}
