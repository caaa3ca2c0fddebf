using System.Net;
using UsageLedger.IntegrationSpecs.Demo;
using UsageLedger.IntegrationSpecs.Web;

namespace UsageLedger.IntegrationSpecs.Auditing;

/// <summary>A host that signed one history signs no other, and says why.</summary>
public sealed class DamagedLogSpecs
{
    private static readonly string[] Damages =
    [
        "update ledger.log_tiles set hashes = sha256(hashes) || substr(hashes, 33) where level = 0",
        "delete from ledger.log_tiles",
    ];

    [Fact]
    public async Task What_is_not_the_continuation_of_the_signed_log_is_not_signed()
    {
        foreach (var damage in Damages)
        {
            await using var server = await InProcessServer.StartAsync();
            var key = await DamagedAsync(server, damage);

            foreach (var path in new[] { "/v1/ledger/checkpoint?minPosition=4", "/v1/ledger/events/4/proof" })
            {
                using var answer = await server.GetAsync(path, key);
                (await answer.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable)).ShouldBe("log_damaged", path);
            }
        }
    }

    [NeedsFact("python3")]
    public async Task Who_checks_from_outside_is_told_that_it_is_damaged()
    {
        foreach (var damage in Damages)
        {
            await using var server = await InProcessServer.StartAsync();
            var key = await DamagedAsync(server, damage);

            (await OutsideScript.RunAsync(server.Client.BaseAddress!.ToString(), key)).ShouldExit(1).Out.ShouldMatch("log_damaged|tile 0/0");
        }
    }

    /// <summary>A key of a ledger that was signed, then continued and damaged.</summary>
    private static async Task<string> DamagedAsync(InProcessServer server, string damage)
    {
        var key = await server.KeyAsync("acme", "audit", "ingest");
        await server.PostAsync("/v1/usage", key, AuditedLog.Usage("first", 2));
        await server.TextAsync("/v1/ledger/checkpoint?minPosition=2", key);
        await server.PostAsync("/v1/usage", key, AuditedLog.Usage("second", 2));
        await using var command = server.Database.CreateCommand(damage);
        await command.ExecuteNonQueryAsync();
        return key;
    }
}
