using System.Text;
using Microsoft.Extensions.DependencyInjection;
using UsageLedger.Answering;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.IntegrationSpecs.Running;
using UsageLedger.IntegrationSpecs.Web;

namespace UsageLedger.IntegrationSpecs.Walls;

/// <summary>A host holds a bounded number of bytes of bodies, by whatever way they come in.</summary>
public sealed class BodyRoomSpecs(ServedLedger ledger) : IClassFixture<ServedLedger>
{
    private const int HeldBytes = 15_000_000;
    private const int MoreBytes = 12_000_000;
    private const int LeftBytes = 8_000_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_one_has_half_sent_takes_room_until_it_is_gone_and_never_all_that_others_need(bool underKeys)
    {
        var (caller, other) = (await ledger.CallerAsync("acme", "ingest"), await ledger.CallerAsync("globex", "ingest"));
        (string, string)[] Headers() => underKeys ? [("Idempotency-Key", Guid.NewGuid().ToString())] : [];
        var more = Encoding.ASCII.GetBytes("[]".PadRight(MoreBytes));
        var left = Encoding.ASCII.GetBytes("[]".PadRight(LeftBytes));

        using (var slow = new Strangers(ledger.Client.BaseAddress!))
        {
            var named = underKeys ? $"\r\nIdempotency-Key: {Guid.NewGuid()}" : "";
            await slow.SendAsync("/v1/usage", $"Authorization: Bearer {caller.Key}{named}", HeldBytes + 1, Encoding.ASCII.GetBytes("[".PadRight(HeldBytes)));

            var rooms = ledger.App.Services.GetRequiredService<BodyRooms>();
            await SpecLog.UntilAsync(() => Task.FromResult(rooms.HeldBytes >= HeldBytes), "what is half sent has come in");
            var refused = await caller.PostAsync("/v1/usage", more, Caller.Json, Headers());
            (refused.Status, (string?)refused.Json["code"]).ShouldBe((503, "host_busy"));
            (await caller.PostAsync("/v1/usage", left, Caller.Json, Headers())).Status.ShouldBe(503, "there is room for it, and not for this tenant's");
            (await other.PostAsync("/v1/usage", left, Caller.Json, Headers())).Status.ShouldNotBe(503);
            (await caller.UsageAsync(Usage.Array(1, $"small-{underKeys}"), Caller.Json, Headers())).Status.ShouldBe(200);
        }

        await SpecLog.UntilAsync(async () => (await caller.PostAsync("/v1/usage", more, Caller.Json, Headers())).Status != 503, "the room is given back");
    }
}
