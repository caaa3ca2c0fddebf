using System.Globalization;
using UsageLedger.EventLog.Proof;
using UsageLedger.EventLog.Verifying;
using UsageLedger.IntegrationSpecs.EventLog;
using Xunit.Abstractions;

namespace UsageLedger.IntegrationSpecs.Verifying.Edits;

/// <summary>In a log so long that a tile above the leaves is full, every tile that is rewritten is named, whatever its level.</summary>
public sealed class WideTreeSpecs(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Size = (256 * 256) + 300;
    private const int Batch = 8_192;
    private const string Changed = "tile_changed";

    private const string Flip = """
        update ledger.log_tiles set hashes = set_byte(hashes, $3, get_byte(hashes, $3) # 1) where level = $1 and index = $2
        """;

    private static readonly VerifyOptions Options = new() { BulkTypes = EventTypes.Bulk };

    private SpecLog log = null!;

    public async Task InitializeAsync()
    {
        log = await SpecLog.OpenAsync();
        var appender = log.Appender();
        for (var at = 0; at < Size; at += Batch)
            await appender.AppendAsync(Appends.Many("k", Math.Min(Batch, Size - at), from: at), default);
    }

    public Task DisposeAsync() => log.DisposeAsync().AsTask();

    [Fact]
    public async Task A_rewritten_tile_is_named_at_every_level_full_or_not()
    {
        var seed = Random.Shared.Next();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
        var random = new Random(seed);
        (await log.RowsAsync("select level, index, length(hashes) / 32 from ledger.log_tiles where level > 0 order by 1, 2")).ShouldBe(["1 0 256", "1 1 1", "2 0 1"]);

        foreach (var (level, index, width) in new[] { (0, random.Next(256), 256), (0, 257, 44), (1, 0, 256), (1, 1, 1), (2, 0, 1) })
        {
            var at = random.Next(width * 32);
            await FlipAsync(level, index, at);

            var found = (await VerifyAsync()).ShouldHaveSingleItem();
            await FlipAsync(level, index, at);

            if ((level, index) == (0, 257))
                (found.KindName, found.Position).ShouldBe(("entry_changed", (257 * 256) + (at / 32) + 1), "What no head covers is put down to the row.");
            else
                (found.KindName, found.Position).ShouldBe((Changed, ((long)index << (8 * (level + 1))) + 1));
            if (level > 0)
                found.Detail.ShouldContain(Over(level, index, at / 32));
        }
    }

    [Fact]
    public async Task A_row_rewritten_with_its_leaf_is_told_to_its_tile_by_the_hash_above()
    {
        var position = new Random(7).Next(1, 256 * 256);
        var tile = (position - 1) / 256;
        await log.DoAsync($"update ledger.mt_events set correlation_id = 'another' where seq_id = {position}");
        await log.DoAsync($"update ledger.log_tiles set hashes = overlay(hashes placing '\\x{await ChangedLeafAsync(position)}' from {((position - 1) % 256 * 32) + 1}) where level = 0 and index = {tile}");

        var found = await VerifyAsync();

        found.Select(damage => damage.KindName).Distinct().ShouldBe([Changed]);
        found[0].Detail.ShouldContain(Over(1, 0, tile));
    }

    private static string Over(int level, int index, int hash)
    {
        var before = ((index * 256L) + hash) << (8 * level);
        return string.Create(CultureInfo.InvariantCulture, $"positions {before + 1} to {before + (1L << (8 * level))}");
    }

    private async Task<string> ChangedLeafAsync(long position)
    {
        var stored = (await log.Reader.AtAsync(Appends.Tenant, position, default))!;
        var entry = new byte[LogEntry.MaxLength(stored)];
        var leaf = new byte[TreeHasher.HashLength];
        TreeHasher.Leaf(entry.AsSpan(0, LogEntry.Write(entry, stored)), leaf);
        return Convert.ToHexStringLower(leaf);
    }

    private async Task<IReadOnlyList<Damage>> VerifyAsync() => (await new LogVerifier(log.Database, Options).RunAsync(null, default)).Damaged;

    private async Task FlipAsync(int level, long index, int at)
    {
        await using var flip = log.Database.CreateCommand(Flip);
        foreach (var value in new object[] { (short)level, index, at })
            flip.Parameters.Add(new() { Value = value });
        (await flip.ExecuteNonQueryAsync()).ShouldBe(1);
    }
}
