using System.Net;
using System.Text.Json;
using UsageLedger.EventLog.Proof;
using UsageLedger.IntegrationSpecs.Web;

namespace UsageLedger.IntegrationSpecs.Auditing;

/// <summary>The log only grows, and its heads, tiles and keys show it.</summary>
public sealed class TreeGrowthSpecs(AuditedLog log) : IClassFixture<AuditedLog>
{
    private const int WidthMax = 256;

    [Fact]
    public async Task Each_size_is_the_start_of_each_later_one()
    {
        var size = (await HeadAsync()).Size;
        int[] sizes = [1, 2, 3, 7, 8, 255, 256, 257, 511, 512, size - 1, size];
        foreach (var from in sizes)
            foreach (var to in sizes.Where(to => to >= from))
            {
                var proof = await log.Server.JsonAsync($"/v1/ledger/consistency?from={from}&to={to}", log.AcmeKey);
                var path = proof.GetProperty("path").EnumerateArray().Select(hash => Convert.FromHexString(hash.GetString()!)).ToArray();
                var (fromRoot, toRoot) = (Root(proof, "fromRoot"), Root(proof, "toRoot"));
                var (old, grown) = OutsideVerifier.Roots(from, to, path, fromRoot);
                old.ShouldBe(fromRoot);
                grown.ShouldBe(toRoot);
                ConsistencyProof.Verify(from, to, path, fromRoot, toRoot).ShouldBeTrue();
                (path.Length == 0).ShouldBe(from == to);
            }
    }

    [Fact]
    public async Task Without_a_later_size_the_signed_head_is_meant()
    {
        var head = await HeadAsync();

        var proof = await log.Server.JsonAsync("/v1/ledger/consistency?from=100", log.AcmeKey);

        proof.GetProperty("toRoot").GetString().ShouldBe(head.RootHash);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?from=0")]
    [InlineData("?from=0&to=0")]
    [InlineData("?from=3&to=2")]
    [InlineData("?from=1&to=100000")]
    [InlineData("?from=100000")]
    [InlineData("?from=-1")]
    [InlineData("?from=x")]
    [InlineData("?from=1&to=x")]
    [InlineData("?from=99999999999999999999")]
    [InlineData("?from=1&from=2")]
    public async Task Sizes_that_the_tree_never_grew_between_are_refused(string query)
    {
        using var answer = await log.Server.GetAsync("/v1/ledger/consistency" + query, log.AcmeKey);

        await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Tiles_put_together_are_the_tree_of_the_signed_head()
    {
        var head = await HeadAsync();
        var leaves = new List<byte[]>();
        var roots = new List<byte[]>();
        for (var index = 0; leaves.Count < head.Size; index++)
        {
            var tile = await TileAsync(0, index, Math.Min(WidthMax, head.Size - leaves.Count));
            leaves.AddRange(tile);
            if (tile.Length == WidthMax)
                roots.Add(OutsideVerifier.Root(tile));
        }

        Convert.ToHexStringLower(OutsideVerifier.Root(leaves.ToArray())).ShouldBe(head.RootHash);
        (await TileAsync(1, 0, roots.Count)).ShouldBe(roots);
    }

    [Fact]
    public async Task A_tile_is_served_at_any_width_that_it_has_had()
    {
        var full = await TileAsync(0, 0, WidthMax);
        foreach (var width in new[] { 1, 17, 255 })
            (await TileAsync(0, 0, width)).ShouldBe(full[..width]);

        using var answer = await log.Server.GetAsync("/v1/ledger/tile/0/000", log.GlobexKey);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/octet-stream");
        answer.Headers.CacheControl!.ToString().ShouldContain("immutable");
    }

    [Theory]
    [InlineData("0/007")]
    [InlineData("0/002")]
    [InlineData("0/002.p/255")]
    [InlineData("1/000")]
    [InlineData("1/000.p/3")]
    [InlineData("2/000.p/1")]
    [InlineData("9/000.p/1")]
    [InlineData("0/x001/000")]
    public async Task A_tile_beyond_the_tree_is_not_there(string tile)
    {
        using var answer = await log.Server.GetAsync("/v1/ledger/tile/" + tile, log.AcmeKey);

        await answer.ShouldBeProblemAsync(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("0/0")]
    [InlineData("0/0000")]
    [InlineData("x/000")]
    [InlineData("64/000")]
    [InlineData("-1/000")]
    [InlineData("0/001/000")]
    [InlineData("0/x000/001")]
    [InlineData("0/000.p/0")]
    [InlineData("0/000.p/256")]
    [InlineData("0/000.p/x")]
    [InlineData("0/000.p")]
    [InlineData("0")]
    [InlineData("entries/000")]
    public async Task A_tile_has_one_name_only(string tile)
    {
        using var answer = await log.Server.GetAsync("/v1/ledger/tile/" + tile, log.AcmeKey);

        await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_head_covers_the_position_that_the_caller_has_seen()
    {
        await using var server = await InProcessServer.StartAsync();
        var key = await server.KeyAsync("acme", "audit", "ingest");
        for (var i = 0; i < 3; i++)
        {
            var position = (await server.PostAsync("/v1/usage", key, AuditedLog.Usage("k" + i, 2))).GetProperty("position").GetInt32();

            var note = await server.TextAsync($"/v1/ledger/checkpoint?minPosition={position}", key);

            OutsideVerifier.Checkpoint(note, await server.TextAsync("/v1/ledger/public-key", key), server.Settings.Origin).Size.ShouldBe(position);
        }
    }

    [Fact]
    public async Task The_empty_log_has_a_signed_head_too()
    {
        await using var server = await InProcessServer.StartAsync();
        var key = await server.KeyAsync("acme", "audit");

        var note = await server.TextAsync("/v1/ledger/checkpoint", key);

        var empty = (0, Convert.ToHexStringLower(OutsideVerifier.Root([])));
        OutsideVerifier.Checkpoint(note, await server.TextAsync("/v1/ledger/public-key", key), server.Settings.Origin).ShouldBe(empty);
    }

    private async Task<(int Size, string RootHash)> HeadAsync() => OutsideVerifier.Checkpoint(
        await log.Server.TextAsync("/v1/ledger/checkpoint", log.AcmeKey),
        await log.Server.TextAsync("/v1/ledger/public-key", log.AcmeKey), log.Server.Settings.Origin);

    private async Task<byte[][]> TileAsync(int level, int index, int width)
    {
        var path = FormattableString.Invariant($"/v1/ledger/tile/{level}/{index:d3}{(width == WidthMax ? "" : $".p/{width}")}");
        return [.. (await log.Server.BytesAsync(path, log.AcmeKey)).Chunk(32)];
    }

    private static byte[] Root(JsonElement proof, string name) => Convert.FromHexString(proof.GetProperty(name).GetString()!);
}
