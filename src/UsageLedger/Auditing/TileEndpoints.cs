using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using UsageLedger.Access;
using UsageLedger.Answering;
using UsageLedger.EventLog.Checkpoints;
using UsageLedger.EventLog.Proof;
using UsageLedger.Recording;

namespace UsageLedger.Auditing;

/// <summary>The door to the tree's tiles (C2SP tlog-tiles). A tile of a width never changes, so whoever has it need not ask again.</summary>
internal static class TileEndpoints
{
    private const string Hashes = "application/octet-stream";
    private const string ForEver = "max-age=31536000, immutable";

    private static readonly Problem NoTile = Problem.NotFound("The tree has no such tile, or not so wide a one yet.");

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/ledger/tile/{**path}", ReadAsync)
        .RequireScope(Scope.Audit).WithoutMinPosition()
        .WithSummary("Hashes of the tree, 32 bytes each: LEVEL/INDEX for a full tile of 256, with .p/WIDTH behind it for its first hashes (C2SP tlog-tiles).")
        .WithExample(null, "(hashes)", responseType: Hashes);

    private static async Task<IResult> ReadAsync(string path, HttpContext context, LogTiles tiles, CancellationToken ct)
    {
        if (!TilePath.TryParse(path, out var tile))
        {
            return Problem.BadRequest(new FieldProblem("?path", "invalid_tile", "A tile is named by level and index, such as 0/x001/234, and by .p/WIDTH while it is not full."));
        }

        var length = tile.Width * TreeHasher.HashLength;
        if (tile.Level >= TreeTile.LevelsMax || await tiles.ReadAsync(tile.Level, tile.Index, ct) is not { } hashes || hashes.Length < length)
        {
            return NoTile;
        }

        context.Response.Headers.CacheControl = ForEver;
        return TypedResults.Bytes(hashes[..length], Hashes);
    }
}
