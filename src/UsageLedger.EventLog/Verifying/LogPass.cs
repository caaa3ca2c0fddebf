using UsageLedger.EventLog.Proof;

namespace UsageLedger.EventLog.Verifying;

/// <summary>One pass over the rows, tile by tile: each tile is checked as soon as its last row is known.</summary>
internal sealed class LogPass(
    LogRows rows, LeafTileCheck leaves, UpperTileCheck upper, StreamCheck streams, ListCheck lists, long size, DamageReport report,
    IProgress<long>? progress)
{
    private const int TilesBetweenUppers = 256;

    private readonly TileRows tile = new();
    private long index;

    /// <summary>How many rows there are, good or not.</summary>
    public async Task<long> RunAsync(CancellationToken ct)
    {
        var hash = new byte[TreeHasher.HashLength];
        long events = 0, last = 0;
        while (await rows.NextAsync(ct))
        {
            events++;
            var state = rows.TryHash(hash) ? RowState.Hashed : RowState.Unusable;
            if (rows.Position < 1 || rows.Position > size || rows.Position == last)
            {
                var where = rows.Position == last ? "a second row at its position" : "a row outside the log's positions";
                report.Add(rows.Position, DamageKind.Inserted, where);
                continue;
            }

            last = rows.Position;
            while (index < (last - 1) / TreeTile.WidthMax)
            {
                await CheckTileAsync(ct);
            }

            Add(state, hash);
        }

        while (index * TreeTile.WidthMax < size)
        {
            await CheckTileAsync(ct);
        }

        progress?.Report(size);
        return events;
    }

    private void Add(RowState state, byte[] hash)
    {
        var stream = state == RowState.Hashed ? streams.NumberOf(rows.Tenant, rows.Stream) : 0;
        tile.Add((int)((rows.Position - 1) % TreeTile.WidthMax), new RowFacts(state, stream, rows.Version, rows.RecordedMicros), hash);
        if (state == RowState.Hashed && lists.Names(rows.Type))
        {
            tile.AddListed(rows.ToEvent());
        }
    }

    private async ValueTask CheckTileAsync(CancellationToken ct)
    {
        var first = index * TreeTile.WidthMax;
        var width = (int)Math.Min(TreeTile.WidthMax, size - first);
        await leaves.CheckAsync(tile, index, width, ct);
        for (var place = 0; place < width; place++)
        {
            if (tile.IsGood(place))
            {
                streams.Took(tile[place], first + place + 1);
            }
        }

        await lists.CheckAsync(tile, first, width, ct);
        tile.Clear();
        index++;
        if (index % TilesBetweenUppers == 0)
        {
            await upper.CheckFinishedAsync(ct);
            progress?.Report(index * TreeTile.WidthMax);
        }
    }
}
