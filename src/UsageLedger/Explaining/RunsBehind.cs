using Npgsql;
using UsageLedger.Collecting.Runs;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.Explaining;

/// <summary>Finds the run that brought an event: of the source's runs of that time, the one whose own events have the same correlation.</summary>
internal sealed class RunsBehind(LogReader reader, NpgsqlDataSource database, string tenant)
{
    private const int RunsMax = 20;

    private const string Select = """
        select c.run_id from read.collections c
        where c.tenant_id = $1 and c.source_id = $2 and c.started_at <= $3 and coalesce(c.ended_at, 'infinity') >= $3
        order by c.started_at desc limit $4
        """;

    private readonly Dictionary<(string Source, string Correlation), Guid?> found = [];

    public async Task<Guid?> OfAsync(string source, StoredEvent recorded, CancellationToken ct)
    {
        if (recorded.CorrelationId is not { } correlation)
        {
            return null;
        }

        if (!found.TryGetValue((source, correlation), out var run))
        {
            run = null;
            foreach (var candidate in await RunningAsync(source, recorded, ct))
            {
                var started = await reader.FindAsync(tenant, RunEvents.StartedId(tenant, candidate), ct);
                run = started?.CorrelationId == correlation ? candidate : run;
            }

            found.Add((source, correlation), run);
        }

        return run;
    }

    private async Task<List<Guid>> RunningAsync(string source, StoredEvent recorded, CancellationToken ct)
    {
        await using var select = database.CreateCommand(Select);
        select.Parameters.Add(new() { Value = tenant });
        select.Parameters.Add(new() { Value = source });
        select.Parameters.Add(Columns.Of(recorded.RecordedAt));
        select.Parameters.Add(new() { Value = RunsMax });
        await using var rows = await select.ExecuteReaderAsync(ct);
        var running = new List<Guid>();
        while (await rows.ReadAsync(ct))
        {
            running.Add(rows.GetGuid(0));
        }

        return running;
    }
}
