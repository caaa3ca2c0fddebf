using System.Globalization;
using NodaTime;
using Npgsql;
using UsageLedger.Collecting.Runs;
using UsageLedger.Collecting.Sources;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.Host.Doctor;

/// <summary>Whether work is stuck, sources are late or failing, and webhooks still come.</summary>
internal static class WorkCheck
{
    private const int ShownMax = 5;

    private const string SelectStopped = "select count(*) filter (where status = 'dead'), count(*) filter (where status = 'quarantined') from ledger.inbox_items where status in ('dead', 'quarantined')";

    /// <summary>Sources whose latest run failed, each with the code of its error. One that took too long, or that the ledger failed itself, is told of by its item alone.</summary>
    private const string SelectFailing = """
        select tenant_id || '/' || source_id || ' (' || coalesce(split_part(error, ':', 1), status) || ')'
        from (
            select distinct on (tenant_id, source_id) tenant_id, source_id, status, error
            from (
                select tenant_id, source_id, requested_at, status, error, false as waits from read.collections
                union all
                select tenant, source, received_at, status, reason, true from ledger.inbox_items
                where kind = 'collect' and status in ('failed', 'dead', 'quarantined')) known
            order by tenant_id, source_id, requested_at desc, waits desc) r
        where status in ('failed', 'dead', 'quarantined') order by 1 limit 100
        """;

    /// <summary>Done items are kept for a week: who sent in it and not since yesterday.</summary>
    private const string SelectSilent = """
        select tenant || '/' || source || ' since ' || to_char(max(received_at), 'YYYY-MM-DD"T"HH24:MI"Z"')
        from ledger.inbox_items where kind = 'webhook' group by tenant, source
        having max(received_at) < now() - interval '1 day' order by 1 limit 100
        """;

    public static async Task<List<Diagnosis>> RunAsync(NpgsqlDataSource database, IClock clock, CancellationToken ct)
    {
        var late = await new CollectingLag(database, new SourceStore(new LogReader(database)), clock).AlarmsAsync(ct);
        return
        [
            .. await StoppedAsync(database, ct),
            Late(late),
            Named("failing sources", await ExaminedDatabase.TextsAsync(database, SelectFailing, ct), "The last run of each source completed.", "Sources whose last run failed",
                "'ledger inbox list --tenant T' tells why; mend it, then 'ledger inbox retry' or wait for the next run."),
            Named("silent webhooks", await ExaminedDatabase.TextsAsync(database, SelectSilent, ct), "Every source that sent webhooks this week sent one today.", "No webhook for a day from",
                "See at the vendor whether the webhook is still set and what it was answered; polling finds what it missed."),
        ];
    }

    private static async Task<List<Diagnosis>> StoppedAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var select = database.CreateCommand(SelectStopped);
        await using var row = await select.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return
        [
            Counted("dead letters", row.GetInt64(0), "dead"),
            Counted("quarantine", row.GetInt64(1), "quarantined"),
        ];
    }

    private static Diagnosis Counted(string name, long count, string status) => count == 0
        ? Diagnosis.Good(name, "There are none.")
        : Diagnosis.Worry(
            name, string.Create(CultureInfo.InvariantCulture, $"{count:N0} items of the inbox are {status}."), $"'ledger inbox list --tenant T --status {status}' names them; see 'The inbox' in docs/operating.md.");

    private static Diagnosis Late(IReadOnlyDictionary<string, int> late) => late.Count == 0
        ? Diagnosis.Good("late sources", "No source is later than it may be.")
        : Diagnosis.Worry(
            "late sources", $"Sources that are late: {string.Join(", ", late.OrderBy(alarm => alarm.Key, StringComparer.Ordinal).Select(alarm => $"{alarm.Value} by {alarm.Key}"))}.",
            "GET /v1/collections/lag names them to their tenant; if no server runs, start one.");

    private static Diagnosis Named(string name, List<string> which, string none, string some, string toDo) => which.Count == 0
        ? Diagnosis.Good(name, none)
        : Diagnosis.Worry(name, $"{some}: {string.Join("; ", which.Take(ShownMax))}{(which.Count > ShownMax ? $"; and {which.Count - ShownMax} more" : "")}.", toDo);
}
