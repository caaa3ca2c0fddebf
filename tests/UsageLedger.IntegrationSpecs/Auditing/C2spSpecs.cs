using System.Net;
using System.Text;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.IntegrationSpecs.Auditing;

/// <summary>Tiles and checkpoint are what C2SP's tlog-tiles, tlog-checkpoint and signed-note describe; ADR 4 lists where they are not.</summary>
public sealed class C2spSpecs(AuditedLog log) : IClassFixture<AuditedLog>
{
    [Fact]
    public async Task The_checkpoint_is_text_that_nobody_keeps_for_long()
    {
        using var answer = await log.Server.GetAsync("/v1/ledger/checkpoint", log.AcmeKey);

        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; charset=utf-8");
        answer.Headers.CacheControl!.NoCache.ShouldBeTrue();
        var octets = await answer.Content.ReadAsByteArrayAsync();
        octets.ShouldNotContain((byte)'\r');
        var lines = Encoding.UTF8.GetString(octets).Split('\n');
        lines.Length.ShouldBe(6);
        lines[0].ShouldBe(log.Server.Settings.Origin);
        lines[1].ShouldMatch("^[1-9][0-9]*$");
        Convert.FromBase64String(lines[2]).Length.ShouldBe(32);
        lines[3].ShouldBeEmpty();
        lines[4].ShouldStartWith($"\u2014 {log.Server.Settings.Origin} ");
        lines[5].ShouldBeEmpty();
    }

    [Fact]
    public async Task A_tile_is_octets_that_may_be_kept_for_ever_full_or_not()
    {
        foreach (var (path, width) in new[] { ("0/000", 256), ("0/001", 256), ("0/002.p/7", 7), ("1/000.p/2", 2) })
        {
            using var answer = await log.Server.GetAsync("/v1/ledger/tile/" + path, log.AcmeKey);

            answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
            answer.Content.Headers.ContentType!.ToString().ShouldBe("application/octet-stream");
            answer.Content.Headers.ContentEncoding.ShouldBeEmpty();
            answer.Headers.CacheControl!.ToString().ShouldContain("immutable");
            answer.Headers.CacheControl.MaxAge.ShouldNotBeNull().TotalDays.ShouldBeGreaterThan(30);
            (await answer.Content.ReadAsByteArrayAsync()).Length.ShouldBe(width * 32);
        }
    }

    /// <summary>"The partial tile at level l for a tree of size s has floor(s / 256^l) mod 256 entries."</summary>
    [Fact]
    public async Task The_widest_partial_tiles_are_those_of_the_signed_size_and_empty_ones_are_not_served()
    {
        var size = long.Parse((await log.Server.TextAsync("/v1/ledger/checkpoint", log.AcmeKey)).Split('\n')[1], System.Globalization.CultureInfo.InvariantCulture);
        for (var (level, hashes) = (0, size); level < 8; level++, hashes /= 256)
        {
            var (index, width) = (hashes / 256, (int)(hashes % 256));
            if (width > 0)
                (await StatusAsync(level, index, width)).ShouldBe(HttpStatusCode.OK, $"level {level}");
            (await StatusAsync(level, index, width + 1)).ShouldBe(HttpStatusCode.NotFound, $"level {level}");
            (await StatusAsync(level, index + 1, 1)).ShouldBe(HttpStatusCode.NotFound, $"level {level}");
        }
    }

    [Fact]
    public async Task Each_hash_above_the_leaves_is_the_root_of_a_full_tile_below()
    {
        var above = (await log.Server.BytesAsync("/v1/ledger/tile/1/000.p/2", log.AcmeKey)).Chunk(32).ToList();
        for (var index = 0; index < 2; index++)
            OutsideVerifier.Root((await log.Server.BytesAsync($"/v1/ledger/tile/0/00{index}", log.AcmeKey)).Chunk(32).ToArray()).ShouldBe(above[index]);
    }

    [Fact]
    public async Task Entry_bundles_are_not_served()
    {
        using var answer = await log.Server.GetAsync("/v1/ledger/tile/entries/000", log.AcmeKey);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private async Task<HttpStatusCode> StatusAsync(int level, long index, int width)
    {
        using var answer = await log.Server.GetAsync("/v1/ledger/tile/" + new TilePath(level, index, width), log.AcmeKey);
        return answer.StatusCode;
    }
}
