using NodaTime;
using Npgsql;
using UsageLedger.EventLog.Proof;
using UsageLedger.EventLog.Verifying;
using UsageLedger.Reporting;

namespace UsageLedger.Cycles;

/// <summary>Holds the lines of every closed cycle, as they are shown, against the hash that its close put into the log. Reads only.</summary>
public static class ClosedCycleCheck
{
    private const int PageMax = 500;
    private const string SelectShown = "select to_regclass('read.cycle_aggregates') is not null and to_regclass('ledger.projections') is not null";

    private const string SelectClosed = """
        select t.seq_id, e.tenant_id, e.data::text
        from ledger.log_types t join ledger.mt_events e on e.seq_id = t.seq_id
        where t.type = 'cycle_closed' and t.seq_id > $1 and t.seq_id <= $2
        order by t.seq_id limit $3
        """;

    /// <summary>The closes whose cycles say something else now; the log itself must be whole. A database without read models shows nothing.</summary>
    public static async Task<IReadOnlyList<Damage>> RunAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var shown = database.CreateCommand(SelectShown);
        if (await shown.ExecuteScalarAsync(ct) is not true)
        {
            return [];
        }

        await using var snapshot = await ReadSnapshot.OfAllLinesAsync(database, ct);
        var changed = new List<Damage>();
        var names = new Dictionary<(string Tenant, string Client, Instant Start), string>();
        var after = 0L;
        while (await PageAsync(snapshot, after, ct) is { Count: > 0 } page)
        {
            foreach (var (position, tenant, closed) in page)
            {
                names[(tenant, closed.ClientId, closed.Start)] = closed.CycleId;
                var rows = CycleRows.AllAsync(snapshot, tenant, closed.ClientId, closed.Start, ct);
                var hash = await LinesHash.OfAsync(rows, origin => names.GetValueOrDefault((tenant, closed.ClientId, origin), ""), ct);
                if (hash != closed.LinesHash)
                {
                    changed.Add(new Damage(
                        position, DamageKind.FiguresChanged,
                        $"the lines shown of cycle {closed.CycleId} of {tenant}'s client {closed.ClientId} are not those it was closed with; 'ledger projections rebuild cycle_aggregates' makes them anew"));
                }

                after = position;
            }
        }

        return changed;
    }

    /// <summary>Only closes that the rows hold already.</summary>
    private static async Task<List<(long Position, string Tenant, CycleClosed Closed)>> PageAsync(ReadSnapshot snapshot, long after, CancellationToken ct)
    {
        await using var select = snapshot.Command(
            SelectClosed, new() { Value = after }, new() { Value = snapshot.Position }, new() { Value = PageMax });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var page = new List<(long, string, CycleClosed)>();
        while (await reader.ReadAsync(ct))
        {
            page.Add((reader.GetInt64(0), reader.GetString(1), CycleClosed.Read(CanonicalJsonReader.Canonicalise(reader.GetFieldValue<byte[]>(2)))));
        }

        return page;
    }
}
