using FsCheck;
using FsCheck.Fluent;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Specs.Proof;

public sealed class TreeReaderSpecs
{
    private const int Edges = 600;
    private const int SecondLevel = 65_536 + 600;

    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly byte[][] Leaves = ReferenceTree.Leaves(SecondLevel);
    private static readonly TileStore Tiles = TileStore.Of(Leaves);
    private static readonly TreeReader Reader = new(Tiles);

    [Theory]
    [InlineData(0, 1, new string[0])]
    [InlineData(0, 8, new[]
    {
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    })]
    [InlineData(5, 8, new[]
    {
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    })]
    [InlineData(2, 3, new[] { "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125" })]
    [InlineData(1, 5, new[]
    {
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    })]
    public async Task Inclusion_paths_of_Certificate_Transparencys_leaves_are_the_known_ones(long index, long size, string[] path) =>
        Hex(await Known().InclusionPathAsync(index, size, None)).ShouldBe(path);

    [Theory]
    [InlineData(1, 1, new string[0])]
    [InlineData(1, 8, new[]
    {
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    })]
    [InlineData(6, 8, new[]
    {
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    })]
    [InlineData(2, 5, new[]
    {
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    })]
    public async Task Consistency_paths_of_Certificate_Transparencys_leaves_are_the_known_ones(long from, long to, string[] path) =>
        Hex(await Known().ConsistencyPathAsync(from, to, None)).ShouldBe(path);

    [Fact]
    public async Task Every_leaf_is_proved_in_small_trees_of_every_size_and_round_the_tile_edges()
    {
        foreach (var size in Enumerable.Range(1, 70).Concat([255, 256, 257, 511, 512, 513, Edges]))
        {
            var root = ReferenceTree.Root(Leaves.AsSpan(0, size));
            (await Reader.RootAsync(size, None)).ShouldBe(root, $"at size {size}");
            for (var index = 0; index < size; index++)
            {
                var path = await Reader.InclusionPathAsync(index, size, None);
                InclusionProof.Verify(Leaves[index], index, size, path, root).ShouldBeTrue($"leaf {index} of {size}");
            }
        }
    }

    [Fact]
    public async Task At_every_size_up_to_600_first_and_last_leaf_are_proved()
    {
        for (var size = 1; size <= Edges; size++)
        {
            var root = ReferenceTree.Root(Leaves.AsSpan(0, size));
            foreach (var index in new[] { 0, size / 2, size - 1 })
            {
                var path = await Reader.InclusionPathAsync(index, size, None);
                InclusionProof.Verify(Leaves[index], index, size, path, root).ShouldBeTrue($"leaf {index} of {size}");
            }
        }
    }

    [Fact]
    public void Any_leaf_is_proved_at_any_size_over_the_second_level() =>
        Prop.ForAll(Pairs(0, 65_000, SecondLevel), pair =>
        {
            var (index, size) = pair;
            var root = Reader.RootAsync(size, None).AsTask().Result;
            return InclusionProof.Verify(Leaves[index], index, size, Reader.InclusionPathAsync(index, size, None).AsTask().Result, root);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(SecondLevel)]
    public async Task Roots_over_the_second_level_are_those_of_RFC_9162(int size) =>
        (await Reader.RootAsync(size, None)).ShouldBe(ReferenceTree.Root(Leaves.AsSpan(0, size)));

    [Fact]
    public void Every_pair_of_small_sizes_is_consistent()
    {
        var roots = Enumerable.Range(0, 66).Select(size => ReferenceTree.Root(Leaves.AsSpan(0, size))).ToArray();
        for (var to = 1; to < roots.Length; to++)
        {
            for (var from = 1; from <= to; from++)
            {
                ConsistencyProof.Verify(from, to, Consistency(from, to), roots[from], roots[to]).ShouldBeTrue($"{from} to {to}");
            }
        }
    }

    [Fact]
    public void Any_pair_of_sizes_is_consistent_over_the_tile_edges() =>
        Prop.ForAll(Pairs(1, 1, SecondLevel), pair =>
        {
            var (from, to) = pair;
            return ConsistencyProof.Verify(
                from, to, Consistency(from, to), Reader.RootAsync(from, None).AsTask().Result, Reader.RootAsync(to, None).AsTask().Result);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task A_call_reads_each_tile_once()
    {
        var tiles = TileStore.Of(Leaves);
        var reader = new TreeReader(tiles);

        await reader.InclusionPathAsync(300, SecondLevel, None);
        tiles.Reads.ShouldBeLessThanOrEqualTo(6);
        await reader.ConsistencyPathAsync(60_001, SecondLevel, None);
        tiles.Reads.ShouldBeLessThanOrEqualTo(12);
    }

    [Fact]
    public async Task A_size_that_the_tree_never_had_names_the_tile_that_is_missing()
    {
        var short_ = await Should.ThrowAsync<TileMissingException>(async () => await Known().RootAsync(9, None));
        var missing = await Should.ThrowAsync<TileMissingException>(async () => await Known().RootAsync(257, None));

        short_.Message.ShouldBe("Tile 0/000 holds 8 hashes; 9 are needed.");
        (missing.Level, missing.Index).ShouldBe((1, 0));
    }

    [Fact]
    public async Task Indexes_and_sizes_that_make_no_sense_are_refused()
    {
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Reader.InclusionPathAsync(5, 5, None));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Reader.InclusionPathAsync(-1, 5, None));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Reader.ConsistencyPathAsync(0, 5, None));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Reader.ConsistencyPathAsync(6, 5, None));
    }

    /// <summary>A smaller and a larger number, the larger one above a bound.</summary>
    private static Arbitrary<(int Low, int High)> Pairs(int lowMin, int highMin, int highMax) =>
        (from high in Gen.Choose(highMin, highMax)
         from low in Gen.Choose(lowMin, high - 1 + lowMin)
         select (low, high)).ToArbitrary();

    private static IReadOnlyList<byte[]> Consistency(long from, long to) => Reader.ConsistencyPathAsync(from, to, None).AsTask().Result;

    private static TreeReader Known() => new(TileStore.Of(ReferenceTree.Entries.Select(entry => ReferenceTree.LeafHash(entry))));

    private static IEnumerable<string> Hex(IEnumerable<byte[]> path) => path.Select(Convert.ToHexStringLower);
}
