namespace UsageLedger.IntegrationSpecs.Verifying.Edits;

/// <summary>Tiles are rewritten: full and partial ones, of leaves and above.</summary>
internal static class TileEdits
{
    private const int WidthMax = 256;
    private const string Changed = "tile_changed";

    private const string FlipBit = """
        update ledger.log_tiles set hashes = set_byte(hashes, $3, get_byte(hashes, $3) # $4) where level = $1 and index = $2
        """;

    private const string Exchange = """
        update ledger.log_tiles t set hashes = o.hashes from ledger.log_tiles o
        where t.level = 0 and o.level = 0 and t.index in ($1, $2) and o.index = $1 + $2 - t.index
        """;

    /// <summary>Statements after which a tile is no longer what it was.</summary>
    public static readonly string[] Spoilt =
    [
        "delete from ledger.log_tiles where level = $1 and index = $2",
        "update ledger.log_tiles set hashes = '' where level = $1 and index = $2",
        "update ledger.log_tiles set hashes = substr(hashes, 1, length(hashes) - 32) where level = $1 and index = $2",
        "update ledger.log_tiles set hashes = substr(hashes, 1, length(hashes) - 1) where level = $1 and index = $2",
        "update ledger.log_tiles set hashes = hashes || substr(hashes, 1, 32) where level = $1 and index = $2",
        "update ledger.log_tiles set hashes = hashes || '\\x00' where level = $1 and index = $2",
        "update ledger.log_tiles set hashes = sha256(hashes) || substr(hashes, 33) where level = $1 and index = $2",
    ];

    public static IEnumerable<Edit> All =>
    [
        new("full leaf tile", (log, random) => FlipAsync(log, random, 0, random.NextInt64(log.Size / WidthMax))),
        new("partial leaf tile", FlipLastAsync),
        new("upper tile", (log, random) => FlipAsync(log, random, 1, 0)),
        .. Spoilt.Select((statement, number) => new Edit($"spoil a tile {number}", (log, random) => SpoilAsync(log, random, statement))),
        new("exchange tiles", ExchangeAsync),
        new("add a tile", AddAsync),
        new("row and leaf tile", RowAndTileAsync),
    ];

    private static async Task<Expected> FlipAsync(EditedLog log, Random random, short level, long index)
    {
        var length = await log.AskAsync<int>("select length(hashes) from ledger.log_tiles where level = $1 and index = $2", level, index);
        await log.DoAsync(FlipBit, level, index, random.Next(length), 1 << random.Next(8));
        return Expected.Only(First(level, index), Changed);
    }

    /// <summary>A signed head within it tells that it was the tile; what is under none yet is put down to the row.</summary>
    private static async Task<Expected> FlipLastAsync(EditedLog log, Random random)
    {
        var (index, at) = (log.Size / WidthMax, random.Next((int)(log.Size % WidthMax) * 32));
        await log.DoAsync(FlipBit, (short)0, index, at, 1 << random.Next(8));
        var position = First(0, index) + (at / 32);
        return position > log.Heads[^1] ? Expected.Only(position, "entry_changed") : Expected.Only(First(0, index), Changed);
    }

    private static async Task<Expected> SpoilAsync(EditedLog log, Random random, string statement)
    {
        var level = (short)(random.Next(4) == 0 ? 1 : 0);
        var index = level == 1 ? 0 : random.NextInt64((log.Size / WidthMax) + 1);
        await log.DoAsync(statement, level, index);
        return Expected.Only(First(level, index), Changed);
    }

    private static async Task<Expected> ExchangeAsync(EditedLog log, Random random)
    {
        var one = random.NextInt64(log.Size / WidthMax);
        var other = (one + random.NextInt64(1, log.Size / WidthMax)) % (log.Size / WidthMax);
        await log.DoAsync(Exchange, one, other);
        return new([(First(0, one), Changed), (First(0, other), Changed)]);
    }

    private static async Task<Expected> AddAsync(EditedLog log, Random random)
    {
        var (level, index) = ((short)random.Next(7), random.NextInt64((log.Size / WidthMax) + 1, 1_000_000));
        await log.DoAsync("insert into ledger.log_tiles values ($1, $2, sha256(''))", level, index);
        return Expected.Only((long)Int128.Min(((Int128)index << (8 * (level + 1))) + 1, long.MaxValue), Changed);
    }

    /// <summary>The row and its own hash agree; the hash above them, and the heads, do not.</summary>
    private static async Task<Expected> RowAndTileAsync(EditedLog log, Random random)
    {
        var position = random.NextInt64(1, (log.Size / WidthMax * WidthMax) + 1);
        await log.DoAsync("update ledger.mt_events set correlation_id = 'another' where seq_id = $1", position);
        await log.Copy.RewriteTilesAsync(level: 0);
        return new([(1, Changed), (log.AfterHeadBefore(position), "checkpoint_mismatch")], Options: log.Alone);
    }

    private static long First(int level, long index) => (index << (8 * (level + 1))) + 1;
}
