using Npgsql;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.EventLog.Verifying;

/// <summary>The tiles as the database holds them; a tile only ever grows, so a longer one than expected is looked at up to its expected width.</summary>
internal sealed class StoredTiles(NpgsqlConnection connection)
{
    private const int PageTiles = 64;

    private const string SelectPage = "select index, hashes from ledger.log_tiles where level = 0 and index >= $1 order by index limit $2";
    private const string SelectOne = "select hashes from ledger.log_tiles where level = $1 and index = $2";

    private readonly Dictionary<long, byte[]> page = [];
    private (long Index, byte[]? Hashes) levelOne = (-1, null);

    /// <summary>The tile of leaf hashes; empty if it is missing.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> LeavesAsync(long index, CancellationToken ct)
    {
        if (!page.ContainsKey(index))
        {
            page.Clear();
            await using var select = new NpgsqlCommand(SelectPage, connection) { Parameters = { new() { Value = index }, new() { Value = PageTiles } } };
            await using var reader = await select.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                page[reader.GetInt64(0)] = reader.GetFieldValue<byte[]>(1);
            }
        }

        return page.GetValueOrDefault(index);
    }

    /// <summary>What level 1 says of a tile of leaf hashes; empty if it says nothing.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> RootOfLeavesAsync(long index, CancellationToken ct)
    {
        if (levelOne.Index != index / TreeTile.WidthMax)
        {
            levelOne = (index / TreeTile.WidthMax, await OneAsync(1, index / TreeTile.WidthMax, ct));
        }

        var at = (int)(index % TreeTile.WidthMax) * TreeHasher.HashLength;
        return levelOne.Hashes is { } hashes && hashes.Length >= at + TreeHasher.HashLength ? hashes.AsMemory(at, TreeHasher.HashLength) : default;
    }

    /// <summary>Any tile; null if it is missing.</summary>
    public async Task<byte[]?> OneAsync(int level, long index, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand(SelectOne, connection) { Parameters = { new() { Value = (short)level }, new() { Value = index } } };
        return (byte[]?)await select.ExecuteScalarAsync(ct);
    }
}
