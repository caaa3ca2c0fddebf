using System.Globalization;
using Npgsql;
using UsageLedger.EventLog.Checkpoints;
using UsageLedger.EventLog.Projecting;

namespace UsageLedger.Host.Doctor;

/// <summary>Whether the log takes events, is signed, and is what was signed; and whether read models follow it.</summary>
internal static class LogCheck
{
    private const long LagMax = 100_000;

    private const string Select = """
        select h.position, (select min(e.seq_id) from ledger.mt_events e where e.seq_id > h.position), c.size,
               coalesce((select now() - e.timestamp from ledger.mt_events e where e.seq_id = c.size + 1), interval '0')
        from ledger.log_head h
        cross join (select coalesce(max(size), 0) as size from ledger.log_checkpoints) c
        """;

    private static readonly TimeSpan UnsignedMax = TimeSpan.FromMinutes(5);

    public static async Task<List<Diagnosis>> RunAsync(NpgsqlDataSource database, KeptHeads kept, CancellationToken ct)
    {
        await using var select = database.CreateCommand(Select);
        await using var row = await select.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        var position = row.GetInt64(0);
        return
        [
            Foreign(position, await row.IsDBNullAsync(1, ct) ? null : row.GetInt64(1)),
            Signed(position, row.GetInt64(2), row.GetTimeSpan(3)),
            Kept(position, await kept.LatestAsync(ct), kept.Folder),
            .. (await ProjectionStore.AllAsync(database, ct)).Select(Projection),
        ];
    }

    private static Diagnosis Foreign(long position, long? foreign) => foreign is null
        ? Diagnosis.Good("log", Invariant($"The log holds {position:N0} events."))
        : Diagnosis.Bad("log", Invariant($"The log of {position:N0} events takes nothing: somebody else wrote a row at position {foreign}."), "See 'A row that the ledger did not write' in docs/operating.md.");

    private static Diagnosis Signed(long position, long signed, TimeSpan since) => since < UnsignedMax
        ? Diagnosis.Good("checkpoint", position == 0 ? "There is nothing to sign yet." : Invariant($"{signed:N0} of {position:N0} events are under a signed head."))
        : Diagnosis.Worry(
            "checkpoint", Invariant($"{position - signed:N0} events are under no signed head since {since.TotalMinutes:N0} minutes."), "If no server runs, start one; if one does, its log tells why it does not sign.");

    private static Diagnosis Kept(long position, SignedCheckpoint? latest, string folder) => latest switch
    {
        null when position > 0 => Diagnosis.Worry("kept checkpoints", $"No signed head of this log lies in {folder}.", "Put those of this log there from where they are kept; a server keeps one a minute."),
        { Size: var size } when size > position => Diagnosis.Bad(
            "kept checkpoints", Invariant($"A head of {size:N0} events was signed, but the log has {position:N0}: it was cut off, or it is an older copy."),
            "Bring the newer database back; if there is none, see 'An older state' in docs/backups.md."),
        _ => Diagnosis.Good("kept checkpoints", $"The log is no shorter than what is kept in {folder}."),
    };

    private static Diagnosis Projection(ProjectionStatus one) => one switch
    {
        { State: "stopped" } => Diagnosis.Bad(
            one.Name, Invariant($"The projection is stopped at position {one.FailedPosition}: {one.Error}"), $"Mend the cause, then run 'ledger projections resume {one.Name}'."),
        { Lag: > LagMax } => Diagnosis.Worry(one.Name, Invariant($"The read model is {one.Lag:N0} events behind."), "Wait while it catches up; if no server runs, start one."),
        _ => Diagnosis.Good(one.Name, Invariant($"The read model is {one.Lag:N0} events behind.")),
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
