using UsageLedger.IntegrationSpecs.Verifying.Edits;
using Xunit.Abstractions;

namespace UsageLedger.IntegrationSpecs.Verifying;

/// <summary>A tile that is changed, cut, removed or added is found, and the rows under it are not blamed.</summary>
[Collection(nameof(TamperedLog))]
public sealed class TileTamperingSpecs(TamperedLog log, ITestOutputHelper output)
{
    private const int WidthMax = 256;

    public static TheoryData<string> Spoilt => [.. TileEdits.Spoilt];

    [Fact]
    public async Task A_changed_byte_is_found_in_any_leaf_tile_and_above()
    {
        var random = Seeds.Draw(output);
        foreach (var (level, index) in new[] { (0, 0), (0, random.Next(1, (int)(log.Size / WidthMax))), (1, 0) })
        {
            await using var copy = await log.CopyAsync();
            var length = await copy.AskAsync<int>("select length(hashes) from ledger.log_tiles where level = $1 and index = $2", (short)level, (long)index);
            var at = random.Next(length);

            await copy.DoAsync(
                "update ledger.log_tiles set hashes = set_byte(hashes, $3, get_byte(hashes, $3) # 1) where level = $1 and index = $2", (short)level, (long)index, at);

            await ShouldFindAsync(copy, (First(level, index), "tile_changed"));
        }
    }

    [Fact]
    public async Task In_the_last_tile_a_signed_head_tells_that_it_was_the_tile()
    {
        var covered = (int)(log.Heads[^1] % WidthMax);
        (log.Heads[^1] / WidthMax).ShouldBe(log.Size / WidthMax, "The last head must be signed within the last tile.");
        await using var copy = await log.CopyAsync();

        await copy.DoAsync(
            "update ledger.log_tiles set hashes = set_byte(hashes, $2, get_byte(hashes, $2) # 1) where level = 0 and index = $1",
            log.Size / WidthMax, Seeds.Draw(output).Next(covered * 32));

        await ShouldFindAsync(copy, (First(0, log.Size / WidthMax), "tile_changed"));
    }

    [Fact]
    public async Task What_is_under_no_head_yet_is_put_down_to_the_row()
    {
        await using var copy = await log.CopyAsync();

        await copy.DoAsync(
            "update ledger.log_tiles set hashes = set_byte(hashes, length(hashes) - 1, get_byte(hashes, length(hashes) - 1) # 1) where level = 0 and index = $1",
            log.Size / WidthMax);

        await ShouldFindAsync(copy, (log.Size, "entry_changed"));
    }

    [Theory]
    [MemberData(nameof(Spoilt))]
    public async Task A_tile_cut_lengthened_or_removed_is_found(string change)
    {
        foreach (var (level, index) in new[] { (0, Seeds.Draw(output).Next((int)(log.Size / WidthMax))), (0, (int)(log.Size / WidthMax)), (1, 0) })
        {
            await using var copy = await log.CopyAsync();

            (await copy.DoAsync(change, (short)level, (long)index)).ShouldBe(1);

            await ShouldFindAsync(copy, (First(level, index), "tile_changed"));
        }
    }

    [Theory]
    [InlineData(0, 20)]
    [InlineData(0, -1)]
    [InlineData(1, 1)]
    [InlineData(2, 0)]
    [InlineData(7, 0)]
    [InlineData(-1, 0)]
    [InlineData(0, long.MaxValue)]
    public async Task A_tile_too_many_is_found(short level, long index)
    {
        await using var copy = await log.CopyAsync();

        await copy.DoAsync("insert into ledger.log_tiles values ($1, $2, sha256(''))", level, index);

        (await copy.DamagedAsync(log.Options)).ShouldHaveSingleItem().Kind.ShouldBe("tile_changed");
    }

    [Fact]
    public async Task A_changed_row_and_a_changed_tile_are_told_apart()
    {
        await using var copy = await log.CopyAsync();

        await copy.DoAsync("update ledger.mt_events set correlation_id = 'x' where seq_id = 10");
        await copy.DoAsync("update ledger.log_tiles set hashes = set_byte(hashes, 5, get_byte(hashes, 5) # 1) where level = 0 and index = 2");

        await ShouldFindAsync(copy, (10, "entry_changed"), (First(0, 2), "tile_changed"));
    }

    private static long First(int level, long index) => (index << (8 * (level + 1))) + 1;

    private async Task ShouldFindAsync(LogCopy copy, params (long, string)[] expected)
    {
        (await copy.DamagedAsync(log.WithoutKept)).ShouldBe(expected);
        (await copy.DamagedAsync(log.Options)).ShouldBe(expected);
    }
}
