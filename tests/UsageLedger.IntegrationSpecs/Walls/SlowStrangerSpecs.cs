using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using UsageLedger.Answering;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.IntegrationSpecs.Running;
using UsageLedger.IntegrationSpecs.Web;

namespace UsageLedger.IntegrationSpecs.Walls;

/// <summary>Whoever has no key and no secret, sends slowly and knows the address of one source, keeps no other source from its deliveries; who knows all of a tenant's, no other tenant.</summary>
public sealed class SlowStrangerSpecs(ServedLedger ledger) : IClassFixture<ServedLedger>
{
    private const int BodyMax = 4 * 1024 * 1024;
    private const int AtOnce = 80;
    private const string ApiKey = "key_of_a_vendor";

    private static readonly TimeSpan AnsweredWithin = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task Bodies_that_may_be_signed_and_never_end_take_a_share_and_deliveries_to_another_source_are_kept()
    {
        await ConfigureAsync("acme", "harried", "retell");
        await ConfigureAsync("acme", "quiet", "retell");
        using var all = new Strangers(ledger.Client.BaseAddress!);
        var rooms = await EmptyAsync();

        // One after the other: of two that come in together neither might find room for its whole.
        var before = rooms.HeldBytes;
        await all.SendAsync("/v1/webhooks/acme/harried", $"X-Retell-Signature: {Forged()}", BodyMax, new byte[BodyMax - 1]);
        await SpecLog.UntilAsync(() => Task.FromResult(rooms.HeldBytes >= before + BodyMax - 1), "what is half sent has come in");
        var another = await all.SendAsync("/v1/webhooks/acme/harried", $"X-Retell-Signature: {Forged()}", BodyMax, new byte[BodyMax - 1]);
        await SpecLog.UntilAsync(() => Task.FromResult(another.DataAvailable), "another finds no room for its whole");
        (rooms.HeldBytes - before).ShouldBeInRange(BodyMax - 1, BodyRooms.OfOneStrangerBytesMax, "the source has its share, and the first body keeps its room");

        (await DeliverAsync("acme", "quiet").WaitAsync(AnsweredWithin)).Status.ShouldBe(200);
        for (var i = 0; i < AtOnce; i++)
        {
            await all.SendAsync("/v1/webhooks/acme/harried", $"X-Retell-Signature: {Forged()}", BodyMax, new byte[1]);
        }

        (await DeliverAsync("acme", "quiet").WaitAsync(AnsweredWithin)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Bodies_to_many_sources_of_a_tenant_take_a_share_and_deliveries_to_another_tenant_are_kept()
    {
        const int sources = 5;
        for (var i = 0; i < sources; i++)
        {
            await ConfigureAsync("known", $"source-{i}", "retell");
        }

        await ConfigureAsync("globex", "quiet", "retell");
        using var all = new Strangers(ledger.Client.BaseAddress!);
        var rooms = await EmptyAsync();
        var held = rooms.HeldBytes;
        for (var i = 0; i < sources; i++)
        {
            var (before, slow) = (rooms.HeldBytes, await all.SendAsync($"/v1/webhooks/known/source-{i}", $"X-Retell-Signature: {Forged()}", BodyMax, new byte[BodyMax - 1]));
            await SpecLog.UntilAsync(() => Task.FromResult(slow.DataAvailable || rooms.HeldBytes >= before + BodyMax - 1), "what is half sent has come in, or is refused");
        }

        (await DeliverAsync("globex", "quiet").WaitAsync(AnsweredWithin)).Status.ShouldBe(200);
        (rooms.HeldBytes - held).ShouldBeInRange(2 * (BodyMax - 1), BodyRooms.OfStrangersToOneTenantBytesMax, "half of the room is the tenant's");
        for (var i = 0; i < AtOnce; i++)
        {
            await all.SendAsync($"/v1/webhooks/known/source-{i % sources}", $"X-Retell-Signature: {Forged()}", BodyMax, new byte[1]);
        }

        (await DeliverAsync("globex", "quiet").WaitAsync(AnsweredWithin)).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("retell", "X-Retell-Signature: any text")]
    [InlineData("retell", "X-Retell-Signature: v=1,d=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("openrouter", "Authorization: Bearer guessed")]
    [InlineData("openrouter", "X-Test-Connection: true")]
    [InlineData("twilio", "X-Twilio-Signature: any text")]
    public async Task What_cannot_be_signed_is_refused_before_its_body_comes(string provider, string header)
    {
        await ConfigureAsync("acme", $"of-{provider}", provider);
        using var one = new Strangers(ledger.Client.BaseAddress!);

        var stream = await one.SendAsync($"/v1/webhooks/acme/of-{provider}", header, 10_000, []);

        var answer = new byte[12];
        await stream.ReadExactlyAsync(answer).AsTask().WaitAsync(AnsweredWithin);
        Encoding.ASCII.GetString(answer).ShouldBe("HTTP/1.1 401");
    }

    /// <summary>The strangers of the spec before are gone, but the server may not have seen it yet.</summary>
    private async Task<BodyRooms> EmptyAsync()
    {
        var rooms = ledger.App.Services.GetRequiredService<BodyRooms>();
        await SpecLog.UntilAsync(() => Task.FromResult(rooms.HeldBytes == 0), "what strangers sent before is let go of");
        return rooms;
    }

    private static string Forged() => $"v={DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()},d={new string('0', 64)}";

    private async Task<Reply> DeliverAsync(string tenant, string source)
    {
        const string body = """{"event":"call_started","call":{"call_id":"1"}}""";
        var at = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var digest = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(ApiKey), Encoding.UTF8.GetBytes($"{body}{at}")));
        return await new Caller(ledger.Client, tenant, null).PostAsync(
            $"/v1/webhooks/{tenant}/{source}", body, Caller.Json, ("X-Retell-Signature", $"v={at},d={digest}"));
    }

    private async Task ConfigureAsync(string tenant, string source, string provider)
    {
        var caller = await ledger.CallerAsync(tenant, "admin");
        var values = provider switch
        {
            "retell" => $$"""{"apiKey":"{{ApiKey}}"}""",
            "twilio" => $$"""{"accountSid":"AC{{new string('0', 32)}}","authToken":"token"}""",
            _ => """{"managementKey":"managed","webhookSecret":"secret"}""",
        };
        await caller.PutAsync($"/v1/sources/{source}", $$"""{"provider":"{{provider}}","baseUrl":"https://vendor.example"}""");
        await caller.PutAsync($"/v1/sources/{source}/credentials", $$"""{"values":{{values}}}""");
    }
}
