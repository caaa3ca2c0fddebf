using System.Net;
using System.Text.Json;
using UsageLedger.EventLog.Proof;
using UsageLedger.IntegrationSpecs.Web;

namespace UsageLedger.IntegrationSpecs.Auditing;

/// <summary>What was hashed is what is read, and anyone can check that it is in the log.</summary>
public sealed class InclusionSpecs(AuditedLog log) : IClassFixture<AuditedLog>
{
    private static readonly string[] EntryMembers = ["correlationId", "data", "id", "position", "stream", "tenant", "timestamp", "type", "version"];

    [Fact]
    public async Task Every_event_is_in_the_tree_of_a_signed_head()
    {
        var keys = await log.Server.TextAsync("/v1/ledger/public-key", log.AcmeKey);
        foreach (var (tenant, key) in new[] { (AuditedLog.Acme, log.AcmeKey), (AuditedLog.Globex, log.GlobexKey) })
            foreach (var stored in await log.EventsAsync(key))
            {
                var position = stored.GetProperty("position").GetInt32();
                var proof = await log.Server.JsonAsync($"/v1/ledger/events/{position}/proof", key);
                var size = proof.GetProperty("treeSize").GetInt32();
                proof.GetProperty("leafIndex").GetInt32().ShouldBe(position - 1);
                var entry = proof.GetProperty("entry").GetBytesFromBase64();
                ShouldBeEntryOf(JsonSerializer.Deserialize<JsonElement>(entry), stored, tenant);

                var path = Hashes(proof.GetProperty("path"));
                var root = Convert.FromHexString(proof.GetProperty("rootHash").GetString()!);
                var leaf = OutsideVerifier.Leaf(entry);
                proof.GetProperty("leafHash").GetString().ShouldBe(Convert.ToHexStringLower(leaf));
                OutsideVerifier.Root(leaf, position - 1, size, path).ShouldBe(root);
                InclusionProof.Verify(leaf, position - 1, size, path, root).ShouldBeTrue();
                OutsideVerifier.Checkpoint(proof.GetProperty("checkpoint").GetString()!, keys, log.Server.Settings.Origin)
                    .ShouldBe((size, proof.GetProperty("rootHash").GetString()!));
            }
    }

    [Fact]
    public async Task A_fresh_event_can_be_proved_at_once()
    {
        await using var server = await InProcessServer.StartAsync();
        var key = await server.KeyAsync("acme", "audit", "ingest");
        for (var i = 0; i < 5; i++)
        {
            var position = (await server.PostAsync("/v1/usage", key, AuditedLog.Usage("fresh" + i, 3))).GetProperty("position").GetInt32();

            var proof = await server.JsonAsync($"/v1/ledger/events/{position}/proof", key);

            proof.GetProperty("treeSize").GetInt32().ShouldBeGreaterThanOrEqualTo(position);
        }
    }

    [Fact]
    public async Task A_foreign_event_is_not_there()
    {
        var foreign = (await log.EventsAsync(log.GlobexKey))[0];
        var (id, position) = (foreign.GetProperty("id").GetString(), foreign.GetProperty("position").GetInt32());

        foreach (var path in new[] { $"{id}", $"{position}", $"{position}/proof", "999999", "0", "0/proof", "99999999999999999999999/proof", $"{Guid.Empty}" })
        {
            using var answer = await log.Server.GetAsync("/v1/ledger/events/" + path, log.AcmeKey);
            (await answer.ShouldBeProblemAsync(HttpStatusCode.NotFound)).ShouldBe("not_found", path);
        }
    }

    [Theory]
    [InlineData("/v1/ledger/events/nonsense")]
    [InlineData("/v1/ledger/events/-1")]
    [InlineData("/v1/ledger/events/1.5")]
    [InlineData("/v1/ledger/events/+1/proof")]
    [InlineData("/v1/ledger/events/00000000-0000-0000-0000-000000000000/proof")]
    public async Task An_event_is_named_by_its_id_or_in_decimal_digits(string path)
    {
        using var answer = await log.Server.GetAsync(path, log.AcmeKey);

        await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("/v1/ledger/events")]
    [InlineData("/v1/ledger/events/1")]
    [InlineData("/v1/ledger/events/1/proof")]
    [InlineData("/v1/ledger/consistency?from=1")]
    [InlineData("/v1/ledger/checkpoint")]
    [InlineData("/v1/ledger/public-key")]
    [InlineData("/v1/ledger/tile/0/000.p/1")]
    public async Task Only_a_key_for_audits_opens_these_doors(string path)
    {
        using var answer = await log.Server.GetAsync(path, await log.Server.KeyAsync(AuditedLog.Acme, "ingest", "query", "collect"));

        (await answer.ShouldBeProblemAsync(HttpStatusCode.Forbidden)).ShouldBe("scope_missing");
    }

    private static void ShouldBeEntryOf(JsonElement entry, JsonElement stored, string tenant)
    {
        entry.EnumerateObject().Select(member => member.Name).ShouldBe(EntryMembers);
        entry.GetProperty("tenant").GetString().ShouldBe(tenant);
        foreach (var member in stored.EnumerateObject())
            entry.GetProperty(member.Name).GetRawText().ShouldBe(member.Value.GetRawText(), member.Name);
    }

    private static byte[][] Hashes(JsonElement path) => [.. path.EnumerateArray().Select(hash => Convert.FromHexString(hash.GetString()!))];
}
