using FsCheck;
using FsCheck.Fluent;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Specs.Proof;

public sealed class TreeEdgeSpecs
{
    [Fact]
    public void The_roots_of_Certificate_Transparencys_leaves_are_the_known_ones()
    {
        var edge = new TreeEdge();
        for (var size = 0; size <= ReferenceTree.Entries.Length; size++)
        {
            RootOf(edge).ShouldBe(Convert.FromHexString(ReferenceTree.Roots[size]), $"at size {size}");
            if (size < ReferenceTree.Entries.Length)
            {
                edge.Append(ReferenceTree.LeafHash(ReferenceTree.Entries[size]));
            }
        }
    }

    [Fact]
    public void At_every_size_over_two_tile_edges_the_root_is_that_of_RFC_9162()
    {
        var leaves = ReferenceTree.Leaves(600);
        var edge = new TreeEdge();
        for (var size = 1; size <= leaves.Length; size++)
        {
            edge.Append(leaves[size - 1]);
            RootOf(edge).ShouldBe(ReferenceTree.Root(leaves.AsSpan(0, size)), $"at size {size}");
        }
    }

    /// <summary>The example of C2SP tlog-tiles.</summary>
    [Theory]
    [InlineData(70_000, 0, 273, 112)]
    [InlineData(70_000, 1, 1, 17)]
    [InlineData(70_000, 2, 0, 1)]
    [InlineData(70_000, 3, 0, 0)]
    [InlineData(256, 0, 1, 0)]
    [InlineData(256, 1, 0, 1)]
    public void A_tree_has_as_many_tiles_and_so_wide_a_last_one_as_C2SP_says(long size, int level, long full, int width) =>
        (TreeTile.HashesAt(level, size) / TreeTile.WidthMax, TreeTile.PartialWidth(level, size)).ShouldBe((full, width));

    [Fact]
    public void Over_the_edge_of_the_second_level_root_and_tiles_are_those_of_RFC_9162()
    {
        var leaves = ReferenceTree.Leaves(65_536 + 300);
        var tiles = new TileStore();
        var edge = new TreeEdge();
        Append(edge, tiles, leaves, batch: 997);

        RootOf(edge).ShouldBe(ReferenceTree.Root(leaves));
        tiles.WidthOf(level: 0, index: 257).ShouldBe(300 - 256);
        tiles.WidthOf(level: 1, index: 0).ShouldBe(256);
        tiles.WidthOf(level: 1, index: 1).ShouldBe(1);
        tiles.WidthOf(level: 2, index: 0).ShouldBe(1);
        tiles.HashAt(level: 2, 0).ShouldBe(ReferenceTree.Root(leaves.AsSpan(0, 65_536)));
        tiles.HashAt(level: 1, 255).ShouldBe(ReferenceTree.Root(leaves.AsSpan(65_280, 256)));
        tiles.HashAt(level: 0, 65_800).ShouldBe(leaves[65_800]);
    }

    [Fact]
    public void A_restored_edge_goes_on_as_if_it_had_never_stopped() =>
        Prop.ForAll(
            Gen.Choose(0, 1_200).ToArbitrary(), Gen.Choose(0, 600).ToArbitrary(),
            (before, after) =>
            {
                var leaves = ReferenceTree.Leaves(before + after);
                var tiles = new TileStore();
                var edge = new TreeEdge();
                Append(edge, tiles, leaves[..before], batch: 100);
                var restored = TreeEdge.Restore(before, tiles.Partials(before));
                Append(edge, new TileStore(), leaves[before..], batch: 100);
                Append(restored, tiles, leaves[before..], batch: 70);
                return RootOf(restored).SequenceEqual(RootOf(edge))
                    && RootOf(restored).SequenceEqual(ReferenceTree.Root(leaves))
                    && tiles.Partials(leaves.Length).Count == TreeTile.LevelsMax;
            })
        .QuickCheckThrowOnFailure();

    [Fact]
    public void An_edge_over_the_second_level_is_restored_too()
    {
        var leaves = ReferenceTree.Leaves(66_000);
        var tiles = new TileStore();
        Append(new TreeEdge(), tiles, leaves[..65_900], batch: 4_096);
        var restored = TreeEdge.Restore(65_900, tiles.Partials(65_900));
        Append(restored, tiles, leaves[65_900..], batch: 50);

        RootOf(restored).ShouldBe(ReferenceTree.Root(leaves));
    }

    [Fact]
    public void Only_what_changed_is_taken_and_only_once()
    {
        var leaves = ReferenceTree.Leaves(515);
        var edge = new TreeEdge();
        edge.TakeChanged().ShouldBeEmpty();
        Array.ForEach(leaves[..513], leaf => edge.Append(leaf));

        Shape(edge.TakeChanged()).ShouldBe(["0/0 256", "0/1 256", "0/2 1", "1/0 2"]);
        edge.TakeChanged().ShouldBeEmpty();
        edge.Append(leaves[513]);
        Shape(edge.TakeChanged()).ShouldBe(["0/2 2"]);
    }

    [Fact]
    public void A_copy_and_its_original_do_not_touch_each_other()
    {
        var leaves = ReferenceTree.Leaves(300);
        var edge = new TreeEdge();
        Array.ForEach(leaves[..255], leaf => edge.Append(leaf));
        var copy = edge.Copy();
        Array.ForEach(leaves[255..], leaf => edge.Append(leaf));

        RootOf(copy).ShouldBe(ReferenceTree.Root(leaves.AsSpan(0, 255)));
        Shape(copy.TakeChanged()).ShouldBe(["0/0 255"]);
        copy.Append(leaves[299]);
        RootOf(edge).ShouldBe(ReferenceTree.Root(leaves));
        Shape(edge.TakeChanged()).ShouldBe(["0/0 256", "0/1 44", "1/0 1"]);
    }

    [Fact]
    public void Tiles_that_do_not_fit_the_size_are_refused()
    {
        Should.Throw<ArgumentException>(() => TreeEdge.Restore(3, [new byte[64]]));
        Should.Throw<ArgumentException>(() => TreeEdge.Restore(256, [new byte[32], new byte[32]]));
        Should.Throw<ArgumentException>(() => TreeEdge.Restore(1, []));
    }

    private static IEnumerable<string> Shape(IEnumerable<TreeTile> tiles) => tiles.Select(tile => $"{tile.Level}/{tile.Index} {tile.Width}");

    private static void Append(TreeEdge edge, TileStore tiles, byte[][] leaves, int batch)
    {
        foreach (var chunk in leaves.Chunk(batch))
        {
            Array.ForEach(chunk, leaf => edge.Append(leaf));
            tiles.Put(edge.TakeChanged());
        }
    }

    private static byte[] RootOf(TreeEdge edge)
    {
        var root = new byte[TreeHasher.HashLength];
        edge.Root(root);
        return root;
    }
}
