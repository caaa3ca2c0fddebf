using FsCheck;
using FsCheck.Fluent;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Specs.Proof;

public sealed class ForgedProofSpecs
{
    private const int Size = 600;
    private static readonly byte[][] Leaves = ReferenceTree.Leaves(Size);
    private static readonly TreeReader Reader = new(TileStore.Of(Leaves));

    private static readonly Arbitrary<(int Index, int Size, int Where)> Places =
        (from size in Gen.Choose(2, Size)
         from index in Gen.Choose(0, size - 1)
         from place in Gen.Choose(0, int.MaxValue)
         select (index, size, place)).ToArbitrary();

    [Fact]
    public void An_inclusion_proof_holds_for_its_own_leaf_index_size_path_and_root_only() =>
        Prop.ForAll(Places, place =>
        {
            var (index, size, at) = place;
            var (leaf, root) = (Leaves[index], Root(size));
            var path = Reader.InclusionPathAsync(index, size, CancellationToken.None).AsTask().Result;
            return InclusionProof.Verify(leaf, index, size, path, root)
                && !InclusionProof.Verify(Flipped(leaf, at), index, size, path, root)
                && !InclusionProof.Verify(leaf, index, size, path, Flipped(root, at))
                && !InclusionProof.Verify(leaf, index, size, With(path, at), root)
                && !InclusionProof.Verify(leaf, index, size, [.. path.Skip(1)], root)
                && !InclusionProof.Verify(leaf, index, size, [.. path.SkipLast(1)], root)
                && !InclusionProof.Verify(leaf, index, size, [.. path, root], root)
                && !InclusionProof.Verify(leaf, index ^ 1, size, path, root)
                && !InclusionProof.Verify(leaf, index + size, size, path, root)
                && !InclusionProof.Verify(leaf, -1, size, path, root)
                && !InclusionProof.Verify(leaf, index, size * 2, path, root);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_consistency_proof_holds_for_its_own_sizes_path_and_roots_only() =>
        Prop.ForAll(Places, place =>
        {
            var (from, to, at) = (place.Index + 1, place.Size, place.Where);
            var (old, current) = (Root(from), Root(to));
            var path = Reader.ConsistencyPathAsync(from, to, CancellationToken.None).AsTask().Result;
            return ConsistencyProof.Verify(from, to, path, old, current)
                && !ConsistencyProof.Verify(from, to, path, Flipped(old, at), current)
                && !ConsistencyProof.Verify(from, to, path, old, Flipped(current, at))
                && !ConsistencyProof.Verify(from, to, [.. path, old], old, current)
                && !ConsistencyProof.Verify(0, to, path, old, current)
                && !ConsistencyProof.Verify(to + 1, to, path, old, current)
                && (from == to
                    || (!ConsistencyProof.Verify(from, to, With(path, at), old, current)
                        && !ConsistencyProof.Verify(from, to, [.. path.Skip(1)], old, current)
                        && !ConsistencyProof.Verify(from, to, [], old, current)
                        && !ConsistencyProof.Verify(to, to, path, old, current)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task A_tree_with_one_leaf_changed_is_consistent_with_no_tree_that_had_it()
    {
        var changed = Leaves.ToArray();
        changed[100] = Flipped(changed[100], 0);
        var forged = new TreeReader(TileStore.Of(changed));
        var path = await forged.ConsistencyPathAsync(300, Size, CancellationToken.None);

        ConsistencyProof.Verify(300, Size, path, Root(300), ReferenceTree.Root(changed)).ShouldBeFalse();
    }

    [Fact]
    public void A_path_of_other_than_hashes_is_refused()
    {
        InclusionProof.Verify(Leaves[0], 0, 2, [new byte[31]], Root(2)).ShouldBeFalse();
        InclusionProof.Verify(new byte[33], 0, 2, [Leaves[1]], Root(2)).ShouldBeFalse();
        ConsistencyProof.Verify(1, 2, [new byte[33]], Root(1), Root(2)).ShouldBeFalse();
        ConsistencyProof.Verify(1, 2, [Leaves[1]], new byte[31], Root(2)).ShouldBeFalse();
    }

    private static byte[] Root(int size) => ReferenceTree.Root(Leaves.AsSpan(0, size));

    private static byte[] Flipped(byte[] hash, int bit)
    {
        var flipped = hash.ToArray();
        flipped[bit / 8 % hash.Length] ^= (byte)(1 << (bit % 8));
        return flipped;
    }

    private static IReadOnlyList<byte[]> With(IReadOnlyList<byte[]> path, int at) =>
        [.. path.Select((hash, i) => i == at % path.Count ? Flipped(hash, at) : hash)];
}
