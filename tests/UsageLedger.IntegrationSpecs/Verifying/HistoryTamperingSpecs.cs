using UsageLedger.EventLog.Proof;
using UsageLedger.EventLog.Verifying;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.Verifying.Edits;
using Xunit.Abstractions;

namespace UsageLedger.IntegrationSpecs.Verifying;

/// <summary>A history rewritten so well that it agrees with itself does not agree with the heads that were signed.</summary>
[Collection(nameof(TamperedLog))]
public sealed class HistoryTamperingSpecs(TamperedLog log, ITestOutputHelper output)
{
    private const string Mismatch = "checkpoint_mismatch";

    [Fact]
    public async Task A_row_rewritten_with_all_its_hashes_is_found_between_two_heads()
    {
        var random = Seeds.Draw(output);
        foreach (var position in new[] { 1, log.Heads[0], log.Heads[0] + 1, random.NextInt64(1, log.Heads[^1] + 1) })
        {
            await using var copy = await log.CopyAsync();
            await copy.DoAsync("update ledger.mt_events set data = data || '{\"spare\":\"1\"}' where seq_id = $1", position);
            await copy.RewriteTilesAsync();

            var before = log.Heads.LastOrDefault(size => size < position);
            (await copy.DamagedAsync(log.WithoutKept)).ShouldBe([(before + 1, Mismatch)]);
            (await copy.DamagedAsync(log.Options)).ShouldBe([(before + 1, Mismatch)]);
        }
    }

    [Fact]
    public async Task Without_the_stored_heads_those_kept_elsewhere_find_it()
    {
        var position = Seeds.Draw(output).NextInt64(1, log.Heads[^1] + 1);
        await using var copy = await log.CopyAsync();
        await copy.DoAsync("update ledger.mt_events set data = data || '{\"spare\":\"1\"}' where seq_id = $1", position);
        await copy.RewriteTilesAsync();
        await copy.DoAsync("delete from ledger.log_checkpoints");

        var before = log.Heads.LastOrDefault(size => size < position);
        (await copy.DamagedAsync(log.Options)).ShouldContain((before + 1, Mismatch));
        (await copy.DamagedAsync(log.WithoutKept with { Kept = [log.Options.Kept[^1]] })).ShouldContain((1, Mismatch));
    }

    [Fact]
    public async Task A_tail_cut_off_clean_is_found_by_a_head_that_is_longer()
    {
        var size = Seeds.Draw(output).NextInt64(1, log.Heads[^1]);
        await using var copy = await log.CopyAsync();
        await copy.CutAsync(size);

        (await copy.DamagedAsync(log.WithoutKept)).ShouldBe([(size + 1, Mismatch)]);
        await copy.DoAsync("delete from ledger.log_checkpoints where size > $1", size);
        (await copy.DamagedAsync(log.WithoutKept)).ShouldBeEmpty();
        (await copy.DamagedAsync(log.Options)).ShouldContain((size + 1, Mismatch));
    }

    [Fact]
    public async Task What_no_head_covers_yet_can_be_cut_off_unseen()
    {
        await using var copy = await log.CopyAsync();

        await copy.CutAsync(log.Heads[^1]);

        (await copy.DamagedAsync(log.Options)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("delete from ledger.log_checkpoints where size = $1")]
    [InlineData("update ledger.log_checkpoints set size = size + 1 where size = $1")]
    [InlineData("update ledger.log_checkpoints set key_id = '\\x01020304' where size = $1")]
    [InlineData("update ledger.log_checkpoints set note = replace(note, E'\\n' || size || E'\\n', E'\\n' || size + 1 || E'\\n') where size = $1")]
    [InlineData("update ledger.log_checkpoints set note = overlay(note placing 'AAAA' from position('=' in note) - 8) where size = $1")]
    [InlineData("update ledger.log_checkpoints set note = 'nonsense' where size = $1")]
    [InlineData("update ledger.log_checkpoints set note = '' where size = $1")]
    [InlineData("update ledger.log_checkpoints set note = (select o.note from ledger.log_checkpoints o where o.size < $1 limit 1) where size = $1")]
    [InlineData("delete from ledger.log_keys where $1 > 0")]
    [InlineData("update ledger.log_keys set public_key = 'nonsense' where $1 > 0")]
    [InlineData("update ledger.log_keys set public_key = '-----BEGIN PUBLIC KEY-----' || E'\\n!\\n' || '-----END PUBLIC KEY-----' where $1 > 0")]
    public async Task Spoiled_heads_and_keys_are_found(string change)
    {
        await using var copy = await log.CopyAsync();

        (await copy.DoAsync(change, log.Heads[^1])).ShouldBeGreaterThan(0);

        var damaged = await copy.DamagedAsync(log.Options);
        damaged.ShouldNotBeEmpty();
        damaged.ShouldAllBe(found => found.Kind == Mismatch);
    }

    [Fact]
    public async Task A_replaced_key_is_found_with_its_own_heads_all_signed_anew()
    {
        await using var copy = await log.CopyAsync();
        using var forger = SigningKey.OpenOrCreate(Path.Combine(SpecFolders.Next(), "key"), new byte[MasterKeyFile.KeyLength]);
        var origin = Checkpoint.Parse(SignedNote.Parse(log.Options.Kept[0].Note).Text).Origin;
        foreach (var size in log.Heads)
        {
            var note = await copy.AskAsync<string>("select note from ledger.log_checkpoints where size = $1", size);
            var forged = SignedNote.Sign(SignedNote.Parse(note).Text, origin, forger).ToString();
            await copy.DoAsync("update ledger.log_checkpoints set note = $2, key_id = $3 where size = $1", size, forged, HeadEdits.KeyId(forger, origin));
        }

        await copy.DoAsync("update ledger.log_keys set key_id = $1, public_key = $2", HeadEdits.KeyId(forger, origin), forger.PublicPem);

        (await copy.DamagedAsync(log.WithoutKept)).ShouldBeEmpty();
        (await copy.DamagedAsync(log.Options)).ShouldAllBe(found => found.Kind == Mismatch);
        (await copy.DamagedAsync(log.Options)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_kept_note_that_was_spoiled_is_named()
    {
        await using var copy = await log.CopyAsync();
        foreach (var note in new[] { "nonsense", log.Options.Kept[0].Note.Replace('A', 'B'), log.Options.Kept[0].Note + "x" })
        {
            var options = log.Options with { Kept = [new KeptCheckpoint("spoiled.txt", note)] };
            (await copy.DamagedAsync(options)).ShouldHaveSingleItem().Kind.ShouldBe(Mismatch);
        }
    }

    [Fact]
    public async Task Heads_signed_by_a_key_that_is_not_kept_here_are_told_apart()
    {
        await using var copy = await log.CopyAsync();
        var known = await new LogVerifier(copy.Database, log.Options).RunAsync(null, default);
        var stranger = await new LogVerifier(copy.Database, log.WithoutKept with { TrustedKeys = [SomebodysPem()] }).RunAsync(null, default);

        known.UnknownKeys.ShouldBeEmpty();
        stranger.Whole.ShouldBeTrue();
        stranger.UnknownKeys.ShouldHaveSingleItem().Length.ShouldBe(64);
    }

    private static string SomebodysPem()
    {
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        return key.ExportSubjectPublicKeyInfoPem() + "\n";
    }
}
