using Npgsql;
using UsageLedger.Answering;
using UsageLedger.Collecting.Runs;

namespace UsageLedger.Host.Demo;

/// <summary>What the ledger has of the month so far, by its own answers.</summary>
/// <param name="Records">Of the vendors.</param>
/// <param name="Polled">Of these, those that a run was the first to tell of.</param>
/// <param name="Pending">Those whose price no vendor has told yet.</param>
internal sealed record LedgerFigures(long Records, long Polled, long Pending)
{
    private const string Head = "select position from ledger.log_head";

    public static async Task<LedgerFigures> ReadAsync(DemoRun run, CancellationToken ct)
    {
        run.Recorded = await HeadAsync(run.Database, ct);
        var rows = await VendorRows.ReadAsync(run, null, ct);
        var runs = await Runs.AllAsync(run, ct);
        var lag = (await run.Office.GetAsync($"/v1/collections/lag?minPosition={run.Recorded}", ct)).Read<ListEnvelope<SourceLag>>();
        return new LedgerFigures(rows.Sum(row => row.Records), runs.Sum(one => one.Accepted), lag.Items.Sum(source => source.PendingCosts));
    }

    /// <summary>Runs and webhooks answer with no position, so what was recorded by now is asked of the log.</summary>
    private static async Task<long> HeadAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var head = database.CreateCommand(Head);
        return (long)(await head.ExecuteScalarAsync(ct))!;
    }
}
