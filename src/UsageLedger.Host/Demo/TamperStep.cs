using Npgsql;
using UsageLedger.EventLog.Verifying;

namespace UsageLedger.Host.Demo;

/// <summary>Changes one digit behind the ledger's back, in a copy, and has it found.</summary>
internal static class TamperStep
{
    private const string ReadQuantity = "select data ->> 'quantity' from ledger.mt_events where seq_id = $1";

    private const string WriteQuantity = """
        update ledger.mt_events set data = jsonb_set(data, '{quantity}', to_jsonb($2::text)) where seq_id = $1
        """;

    public static async Task RunAsync(DemoRun run, string connectionString, long position, CancellationToken ct)
    {
        run.Page.Heading("Change one digit behind the ledger's back, in a copy of the log");
        var options = await KeptProofs.ReadAsync(run.Settings, [], ct);
        await using (var copy = await LogCopy.MakeAsync(run.Database, connectionString, ct))
        {
            var (before, after) = await ChangeAsync(copy.Source, position, ct);
            run.Page.Line($"""update ledger.mt_events ... where seq_id = {position}: "{before}" is now "{after}" """.TrimEnd());
            var changed = await new LogVerifier(copy.Source, options).RunAsync(null, ct);
            foreach (var damage in changed.Damaged)
            {
                run.Page.Line($"on the copy: position {damage.Position} {damage.KindName}, {damage.Detail}");
            }

            run.Check(
                changed is { DamagedTotal: 1, Damaged: [{ Kind: DamageKind.EntryChanged } only] } && only.Position == position,
                $"of {changed.Events:N0} events, verify names exactly position {position}");
        }

        var original = await new LogVerifier(run.Database, options).RunAsync(null, ct);
        run.Check(original.Whole, $"the original is whole: {original.Events:N0} events, {original.Checkpoints} signed heads");
    }

    private static async Task<(string Before, string After)> ChangeAsync(NpgsqlDataSource copy, long position, CancellationToken ct)
    {
        await using var read = copy.CreateCommand(ReadQuantity);
        read.Parameters.Add(new() { Value = position });
        var before = (string)(await read.ExecuteScalarAsync(ct))!;
        var after = before[..^1] + (before[^1] == '9' ? '8' : (char)(before[^1] + 1));
        await using var write = copy.CreateCommand(WriteQuantity);
        write.Parameters.Add(new() { Value = position });
        write.Parameters.Add(new() { Value = after });
        await write.ExecuteNonQueryAsync(ct);
        return (before, after);
    }
}
