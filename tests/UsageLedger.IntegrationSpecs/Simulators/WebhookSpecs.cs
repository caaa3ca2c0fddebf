using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NodaTime;
using UsageLedger.Simulators;
using UsageLedger.Simulators.Faults;
using UsageLedger.Simulators.Webhooks;

namespace UsageLedger.IntegrationSpecs.Simulators;

/// <summary>What the vendors tell by webhook: signed as documented, tried again as they do, lost and repeated as the faults say.</summary>
public sealed class WebhookSpecs
{
    [Fact]
    public async Task Every_event_of_the_world_is_told_once()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var server = await StartAsync(receiver);
        var world = server.World;

        var report = await server.Simulation.Webhooks.DeliverAsync(CancellationToken.None);

        var retell = world.RetellCalls.Count * 2 + world.RetellCalls.Count(call => call.IsConnected);
        var messages = world.Messages.Where(message => !message.IsInbound).Sum(message => message.Status is "delivered" or "undelivered" ? 2 : 1);
        report.ShouldBe(new DeliveryReport(report.Accepted, retell + messages + world.TwilioCalls.Count + world.Generations.Count, 0, 0, 0, 0));
        receiver.Hooks.Count.ShouldBe(report.Requests);
        (await server.Simulation.Webhooks.DeliverAsync(CancellationToken.None)).ShouldBe(report);
    }

    [Fact]
    public async Task Each_is_signed_as_its_vendor_signs()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var server = await StartAsync(receiver);
        await server.Simulation.Webhooks.DeliverAsync(CancellationToken.None);

        receiver.Hooks.Where(hook => hook.Path == "/retell").ShouldAllBe(hook => IsRetells(hook, server.Directory.RetellApiKey));
        receiver.Hooks.Where(hook => hook.Path == "/twilio").ShouldAllBe(hook => IsTwilios(hook, receiver.Url + "twilio", server));
        receiver.Hooks.Where(hook => hook.Path == "/openrouter").ShouldAllBe(hook => hook.Authorization == "Bearer " + server.Directory.OpenRouterWebhookSecret);
    }

    [Fact]
    public async Task What_is_told_is_as_known_when_it_happened_however_late_it_is_sent()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var server = await StartAsync(receiver);
        await server.Simulation.Webhooks.DeliverAsync(CancellationToken.None);
        var calls = server.World.RetellCalls.Where(call => call.IsConnected).ToDictionary(call => call.CallId);
        var ended = receiver.Hooks.Where(hook => hook.Path == "/retell" && EventOf(hook) == "call_ended" && calls.ContainsKey(CallOf(hook))).ToList();

        ended.ShouldAllBe(hook => TellsCost(hook) == (calls[CallOf(hook)].Products[0].Cost.KnownAt <= calls[CallOf(hook)].EndedAt + Duration.FromSeconds(1)));
        ended.Count(TellsCost).ShouldBeInRange(1, ended.Count - 1);
    }

    [Fact]
    public async Task Nothing_is_told_before_it_happened()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var server = await StartAsync(receiver, now: SimServer.From);

        (await server.Simulation.Webhooks.DeliverAsync(CancellationToken.None)).Requests.ShouldBe(0);
        server.Simulation.Clock.Set(SimServer.From + Duration.FromDays(10));
        await server.Simulation.Webhooks.DeliverAsync(CancellationToken.None);
        var ended = server.World.RetellCalls.Count(call => call.EndedAt + Duration.FromSeconds(1) <= server.Simulation.Clock.Now);
        receiver.Hooks.Count(hook => hook.Path == "/retell" && EventOf(hook) == "call_ended").ShouldBe(ended);
    }

    [Fact]
    public async Task What_is_refused_is_tried_as_often_as_the_vendor_tries()
    {
        await using var receiver = await HookReceiver.StartAsync((int)HttpStatusCode.ServiceUnavailable);
        await using var server = await StartAsync(receiver, plan: SimServer.Plan() with { Calls = 1, Messages = 0, TwilioCalls = 0, Generations = 1 });

        var report = await server.Simulation.Webhooks.DeliverAsync(CancellationToken.None);

        receiver.Hooks.Count(hook => hook.Path == "/retell").ShouldBe((server.World.RetellCalls[0].IsConnected ? 3 : 2) * 4);
        receiver.Hooks.Count(hook => hook.Path == "/openrouter").ShouldBe(1);
        report.Accepted.ShouldBe(0);
        report.Pending.ShouldBe(0);
    }

    [Fact]
    public async Task Dropped_are_not_sent_and_repeated_are_sent_twice()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var server = await StartAsync(receiver, new SimFaults { DroppedWebhooks = 200, RepeatedWebhooks = 200, DelayedWebhooks = 200, ReorderedWebhooks = 200 });

        var report = await server.Simulation.Webhooks.DeliverAsync(CancellationToken.None);

        report.Dropped.ShouldBeGreaterThan(0);
        report.Repeated.ShouldBeGreaterThan(0);
        report.Requests.ShouldBe(report.Accepted + report.Repeated);
        var events = receiver.Hooks.Where(hook => hook.Path == "/retell").Select(hook => (Call: CallOf(hook), Event: EventOf(hook))).Distinct().ToList();
        events.GroupBy(told => told.Call).ShouldContain(call => string.Join(',', call.Select(told => told.Event)) == "call_analyzed,call_ended", "some overtake");
    }

    [Fact]
    public async Task They_go_out_by_themselves_as_time_runs()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var server = await SimServer.StartAsync(new SimOptions(SimServer.Plan(), SystemClock.Instance));
        await SetTargetsAsync(server, receiver);

        using var moved = await server.SendAsync(HttpMethod.Post, "/sim/clock", null, """{"advance":"P40D"}""");

        moved.IsSuccessStatusCode.ShouldBeTrue();
        var deadline = SystemClock.Instance.GetCurrentInstant() + Duration.FromSeconds(20);
        while (receiver.Hooks.Count(hook => hook.Path == "/openrouter") < server.World.Generations.Count)
        {
            SystemClock.Instance.GetCurrentInstant().ShouldBeLessThan(deadline);
            await Task.Delay(20);
        }
    }

    private static async Task<SimServer> StartAsync(HookReceiver receiver, SimFaults? faults = null, Instant? now = null, UsageLedger.Simulators.World.WorldPlan? plan = null)
    {
        var server = await SimServer.StartAsync(new SimOptions(plan ?? SimServer.Plan(), SystemClock.Instance)
        {
            Faults = faults ?? SimFaults.None, Now = now ?? SimServer.To + Duration.FromDays(1), DeliversByItself = false,
        });
        await SetTargetsAsync(server, receiver);
        return server;
    }

    private static async Task SetTargetsAsync(SimServer server, HookReceiver receiver)
    {
        var targets = new[] { "retell", "twilio", "openrouter" }.Select(provider => new { provider, url = receiver.Url + provider });
        using var set = await server.SendAsync(HttpMethod.Post, "/sim/webhooks", null, JsonSerializer.Serialize(new { targets }));
        set.IsSuccessStatusCode.ShouldBeTrue(await set.Content.ReadAsStringAsync());
    }

    private static bool TellsCost(Hook hook) => JsonDocument.Parse(hook.Body).RootElement.GetProperty("call").TryGetProperty("call_cost", out _);

    private static string EventOf(Hook hook) => JsonDocument.Parse(hook.Body).RootElement.GetProperty("event").GetString()!;

    private static string CallOf(Hook hook) => JsonDocument.Parse(hook.Body).RootElement.GetProperty("call").GetProperty("call_id").GetString()!;

    private static bool IsRetells(Hook hook, string key)
    {
        var parts = hook.Retell!.Split(',');
        byte[] signed = [.. hook.Body, .. Encoding.ASCII.GetBytes(parts[0][2..])];
        return parts[1][2..] == Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), signed));
    }

    private static bool IsTwilios(Hook hook, string url, SimServer server)
    {
        var fields = Encoding.UTF8.GetString(hook.Body).Split('&').Select(pair => pair.Split('=').Select(Uri.UnescapeDataString).ToArray()).OrderBy(pair => pair[0], StringComparer.Ordinal).ToList();
        var token = server.Directory.TwilioAccounts.Single(account => account.Sid == fields.Single(pair => pair[0] == "AccountSid")[1]).AuthToken;
#pragma warning disable CA5350 // Twilio signs with SHA-1.
        var digest = HMACSHA1.HashData(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(url + string.Concat(fields.Select(pair => pair[0] + pair[1]))));
#pragma warning restore CA5350
        return hook.Twilio == Convert.ToBase64String(digest);
    }
}
