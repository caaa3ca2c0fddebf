using System.Text;
using System.Text.Json;
using UsageLedger.EventLog.Proof;
using UsageLedger.EventLog.Verifying;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.Demo;

namespace UsageLedger.IntegrationSpecs.Auditing;

/// <summary>A verifier that has nothing but the HTTP endpoints accepts the ledger as it is, and names the place of whatever was changed that its keys can show.</summary>
public sealed class OutsideScriptSpecs(AuditedLog log) : IClassFixture<AuditedLog>
{
    private string Address => log.Server.Client.BaseAddress!.ToString();

    [NeedsFact("python3")]
    public async Task A_whole_ledger_is_whole_for_each_of_its_tenants()
    {
        var kept = await OutsideScript.KeptAsync(await log.Server.TextAsync("/v1/ledger/checkpoint", log.GlobexKey));
        var key = await OutsideScript.KeptAsync(await log.Server.TextAsync("/v1/ledger/public-key", log.GlobexKey));
        foreach (var caller in new[] { log.AcmeKey, log.GlobexKey })
        {
            var run = await OutsideScript.RunAsync(Address, caller, "--checkpoint", kept, "--public-key", key);

            run.ShouldExit(0);
            run.Out.ShouldStartWith("whole: ");
        }
    }

    [NeedsFact("python3")]
    public async Task An_event_that_is_not_what_was_appended_is_named()
    {
        var changed = (await log.EventsAsync(log.AcmeKey))[417].GetProperty("position").GetInt64();
        const string Cost = "update ledger.mt_events set data = jsonb_set(data, '{cost}', to_jsonb(translate(data ->> 'cost', '0123456789', '1234567890'))) where seq_id = ";

        (await FoundAsync(Cost + changed)).ShouldContain($"position {changed}: the event is not what was appended");
        await DoAsync($"update ledger.mt_events set data = jsonb_set(data, '{{cost}}', to_jsonb(translate(data ->> 'cost', '1234567890', '0123456789'))) where seq_id = {changed}");
        await ShouldBeWholeAsync();
    }

    [NeedsFact("python3")]
    public async Task An_event_that_was_taken_away_leaves_a_gap_in_its_stream()
    {
        var events = await log.EventsAsync(log.AcmeKey);
        var gone = events[100];
        var next = events.First(stored => stored.GetProperty("stream").GetString() == gone.GetProperty("stream").GetString()
            && stored.GetProperty("version").GetInt64() == gone.GetProperty("version").GetInt64() + 1);
        var position = gone.GetProperty("position").GetInt64();

        (await FoundAsync($"create table public.gone as select * from ledger.mt_events where seq_id = {position}; delete from ledger.mt_events where seq_id = {position}"))
            .ShouldContain($"position {next.GetProperty("position").GetInt64()}: version {next.GetProperty("version").GetInt64()} of stream {gone.GetProperty("stream").GetString()}, where {gone.GetProperty("version").GetInt64()} belongs");
        await DoAsync("insert into ledger.mt_events select * from public.gone; drop table public.gone");
        await ShouldBeWholeAsync();
    }

    [NeedsFact("python3")]
    public async Task The_newest_event_of_a_stream_is_missed_where_the_keys_are_of_all_tenants()
    {
        var position = (await log.EventsAsync(log.AcmeKey))[^1].GetProperty("position").GetInt64();
        (await AllAsync()).ShouldExit(0).Out.ShouldNotContain("no key");

        await DoAsync($"create table public.gone as select * from ledger.mt_events where seq_id = {position}; delete from ledger.mt_events where seq_id = {position}");

        (await AllAsync()).ShouldExit(1).Out.Trim().ShouldBe($"position {position}: no key is shown what was appended");
        (await OutsideScript.RunAsync(Address, log.AcmeKey)).ShouldExit(0).Out.ShouldContain("that no key shows", customMessage: "it may be another tenant's");
        var verified = await new LogVerifier(log.Server.Database, await Host.KeptProofs.ReadAsync(log.Server.Settings, [], default)).RunAsync(null, default);
        verified.Damaged.Select(damage => (damage.Position, damage.KindName)).ShouldContain((position, "missing"));
        await DoAsync("insert into ledger.mt_events select * from public.gone; drop table public.gone");
        (await AllAsync()).ShouldExit(0);

        Task<Running.LedgerRun> AllAsync() => OutsideScript.RunAsync(Address, $"{log.AcmeKey} {log.GlobexKey}", "--all", "--proofs", "3");
    }

    [NeedsFact("python3")]
    public async Task A_rewritten_tile_is_named()
    {
        foreach (var (level, index, at, told) in new[]
        {
            (0, 0, 5000, "tile 0/0, positions 1 to 256: does not agree with the hash of tile 0/0 in tile 1/0"),
            (0, 1, 17, "tile 0/1, positions 257 to 512: does not agree with the hash of tile 0/1 in tile 1/0"),
            (0, 2, 40, "tile 0/2, positions 513 to 768 was changed, or the log was rewritten"),
            (1, 0, 33, "tile 1/0, positions 1 to 65536: does not agree with the hash of tile 0/1 in tile 1/0"),
        })
        {
            var flip = $"update ledger.log_tiles set hashes = set_byte(hashes, {at}, get_byte(hashes, {at}) # 1) where level = {level} and index = {index}";

            (await FoundAsync(flip)).ShouldContain(told);
            await DoAsync(flip);
        }

        await ShouldBeWholeAsync();
    }

    [NeedsFact("python3")]
    public async Task A_tile_that_is_gone_is_named()
    {
        (await FoundAsync("update ledger.log_tiles set index = 99 where level = 0 and index = 1")).ShouldContain("tile 0/1, positions 257 to 512: ");
        await DoAsync("update ledger.log_tiles set index = 1 where level = 0 and index = 99");
        await ShouldBeWholeAsync();
    }

    [NeedsFact("python3")]
    public async Task A_checkpoint_that_was_changed_or_signed_by_somebody_else_is_refused()
    {
        using var forger = SigningKey.OpenOrCreate(Path.Combine(SpecFolders.Next(), "key"), new byte[MasterKeyFile.KeyLength]);
        var origin = log.Server.Settings.Origin;
        byte[] Forged(byte[] note) => Encoding.UTF8.GetBytes(SignedNote.Sign(SignedNote.Parse(Encoding.UTF8.GetString(note)).Text, origin, forger).ToString());

        (await LiedAsync("checkpoint", note => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(note).Replace("\n7", "\n6", StringComparison.Ordinal))))
            .ShouldContain("checkpoint: its signature is not good");
        (await LiedAsync("checkpoint", Forged)).ShouldContain("checkpoint: no known key signed it");
        var kept = await OutsideScript.KeptAsync(await log.Server.TextAsync("/v1/ledger/public-key", log.AcmeKey));
        (await LiedAsync("public-key", _ => Encoding.UTF8.GetBytes(forger.PublicPem), "--public-key", kept)).ShouldContain("public-key: the ledger does not name the key that was kept");
    }

    [NeedsFact("python3")]
    public async Task A_proof_that_does_not_prove_is_refused()
    {
        static byte[] Swapped(byte[] answer, string member)
        {
            var text = Encoding.UTF8.GetString(answer);
            var hash = JsonSerializer.Deserialize<JsonElement>(text).GetProperty(member);
            var first = (hash.ValueKind == JsonValueKind.Array ? hash[0] : hash).GetString()!;
            return Encoding.UTF8.GetBytes(text.Replace(first, new string([.. first.Reverse()]), StringComparison.Ordinal));
        }

        (await LiedAsync("/proof", answer => Swapped(answer, "path"))).ShouldContain("its proof does not lead to the signed root");
        (await LiedAsync("/proof", answer => Swapped(answer, "rootHash"))).ShouldContain("its proof does not lead to the signed root");
        (await LiedAsync("consistency", answer => Swapped(answer, "path"))).ShouldContain("the proof does not hold");
    }

    [NeedsFact("python3")]
    public async Task Without_a_ledger_or_a_right_to_read_nothing_is_said()
    {
        (await OutsideScript.RunAsync(Address, "ulk_nobody")).ExitCode.ShouldBe(2);
        (await OutsideScript.RunAsync("http://127.0.0.1:9", log.AcmeKey)).ExitCode.ShouldBe(2);
        (await OutsideScript.RunAsync(Address, log.AcmeKey, "--checkpoint", "/nowhere/kept.txt")).ExitCode.ShouldBe(2);
    }

    private async Task<string> FoundAsync(string tampering)
    {
        await DoAsync(tampering);
        return (await OutsideScript.RunAsync(Address, log.AcmeKey)).ShouldExit(1).Out;
    }

    private async Task<string> LiedAsync(string about, Func<byte[], byte[]> lie, params string[] arguments)
    {
        await using var liar = await LyingLedger.BeforeAsync(log.Server, (path, answer) => path.Contains(about, StringComparison.Ordinal) ? lie(answer) : answer);
        return (await OutsideScript.RunAsync(liar.Address, log.AcmeKey, ["--proofs", "2", .. arguments])).ShouldExit(1).Out;
    }

    private async Task ShouldBeWholeAsync()
    {
        (await OutsideScript.RunAsync(Address, log.AcmeKey, "--proofs", "2")).ShouldExit(0);
    }

    private async Task DoAsync(string sql)
    {
        await using var command = log.Server.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
