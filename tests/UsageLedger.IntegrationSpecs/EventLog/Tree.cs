using System.Security.Cryptography;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.IntegrationSpecs.EventLog;

/// <summary>The hash tree made anew from the rows alone, level by level as RFC 9162 and tlog-tiles define it.</summary>
internal static class Tree
{
    private const string SelectTiles = "select level, index, encode(hashes, 'hex') from ledger.log_tiles order by level, index";

    /// <summary>Every tile is there, holds what the rows say, and there is no other.</summary>
    public static async Task ShouldBeWholeAsync(SpecLog log)
    {
        var leaves = await LeavesAsync(log);
        var expected = new List<string>();
        for (var (level, hashes) = (0, leaves); hashes.Count > 0; level++, hashes = Above(hashes))
            expected.AddRange(hashes.Chunk(TreeTile.WidthMax).Select((tile, index) => FormattableString.Invariant($"{level} {index} {Hex(tile)}")));

        (await log.RowsAsync(SelectTiles)).ShouldBe(expected);
    }

    private static async Task<List<byte[]>> LeavesAsync(SpecLog log)
    {
        var leaves = new List<byte[]>();
        await foreach (var stored in log.Reader.RangeAsync(0, await log.HeadAsync(), default))
        {
            var entry = new byte[LogEntry.MaxLength(stored)];
            var length = LogEntry.Write(entry, stored);
            leaves.Add(SHA256.HashData([0, .. entry.AsSpan(0, length)]));
        }

        return leaves;
    }

    /// <summary>One hash for each full tile.</summary>
    private static List<byte[]> Above(List<byte[]> hashes) =>
        [.. hashes.Chunk(TreeTile.WidthMax).Where(tile => tile.Length == TreeTile.WidthMax).Select(Root)];

    private static byte[] Root(byte[][] hashes) => hashes.Length == 1
        ? hashes[0]
        : SHA256.HashData([1, .. Root(hashes[..(hashes.Length / 2)]), .. Root(hashes[(hashes.Length / 2)..])]);

    private static string Hex(byte[][] tile) => string.Concat(tile.Select(Convert.ToHexStringLower));
}
