using System.Text.Json;
using NodaTime;
using UsageLedger.Simulators.Truth;
using UsageLedger.Simulators.World;

namespace UsageLedger.IntegrationSpecs.Simulators;

/// <summary>A world is made by its plan alone, and time only uncovers it.</summary>
public sealed class WorldSpecs
{
    [Fact]
    public void The_same_seed_is_the_same_world_and_another_seed_another()
    {
        Bill(SimServer.Plan(7)).ShouldBe(Bill(SimServer.Plan(7)));
        Bill(SimServer.Plan(8)).ShouldNotBe(Bill(SimServer.Plan(7)));
    }

    [Fact]
    public void More_of_one_thing_changes_nothing_of_another()
    {
        var more = SimServer.Plan() with { Messages = 500, Generations = 10 };

        SimWorld.Draw(more).RetellCalls.Select(call => call.CallId).ShouldBe(SimWorld.Draw(SimServer.Plan()).RetellCalls.Select(call => call.CallId));
    }

    [Fact]
    public void A_plan_without_bounds_is_none() =>
        Should.Throw<ArgumentException>(() => SimWorld.Draw(SimServer.Plan() with { Calls = 1_000_000 }));

    [Fact]
    public void Everything_ends_within_the_world_and_is_priced_for_good_within_72_hours_of_its_last_leg()
    {
        var world = SimWorld.Draw(SimServer.Plan() with { Calls = 2_000, Messages = 2_000 });

        world.RetellCalls.ShouldAllBe(call => call.EndedAt >= SimServer.From && call.EndedAt < SimServer.To);
        world.RetellCalls.ShouldAllBe(call => call.Products.All(product => product.Cost.ChangesAt - (call.TransferEndedAt ?? call.EndedAt) <= Duration.FromHours(72)));
        world.Messages.ShouldAllBe(message => message.Price == null || message.Price.ChangesAt - message.SentAt <= Duration.FromHours(72));
        world.Messages.Count(message => message.Price is null).ShouldBeInRange(1, 100);
    }

    [Fact]
    public void Every_trap_is_in_a_month()
    {
        var world = SimWorld.Draw(SimServer.Plan());

        world.RetellCalls.ShouldContain(call => call.Products.Any(product => product.IsTransferLeg));
        world.RetellCalls.ShouldContain(call => !call.IsConnected);
        world.RetellCalls.ShouldContain(call => call.BilledSeconds > (call.EndedAt - call.StartedAt).TotalSeconds + 1);
        world.RetellCalls.ShouldContain(call => call.OnOwnNumber && world.TwilioCalls.Any(leg => leg.Sid == call.TwilioCallSid));
        world.TwilioCalls.ShouldContain(call => call.Parent != null);
        world.Messages.ShouldContain(message => message.Status == "failed" && message.Price != null && message.Price.Final == -0.001m);
        world.Messages.ShouldContain(message => message.Media > 0);
        world.Generations.ShouldContain(made => made.IsByok);
        world.Generations.ShouldContain(made => made.CachedTokens > 0 && made.ReasoningTokens > 0);
        world.Directory.Handovers.ShouldNotBeEmpty();
    }

    [Fact]
    public void The_mappings_give_every_item_its_client_and_agent()
    {
        var world = SimWorld.Draw(SimServer.Plan());
        var mappings = TrueMappings.Of(world).ToList();

        TrueBill.Of(world).ShouldAllBe(item => mappings.Any(mapping =>
            mapping.Provider == item.Provider && item.MappingKeys.Contains(mapping.Key) && mapping.ClientId == item.ClientId && mapping.AgentId == item.AgentId
            && (mapping.ValidFrom == null || string.CompareOrdinal(item.OccurredAt, mapping.ValidFrom) >= 0)
            && (mapping.ValidTo == null || string.CompareOrdinal(item.OccurredAt, mapping.ValidTo) < 0)));
    }

    [Fact]
    public async Task A_call_is_not_there_before_it_ended_and_has_no_price_at_first()
    {
        var call = SimWorld.Draw(SimServer.Plan()).RetellCalls.First(call => call.IsConnected && call.Products[0].Cost.KnownAt > call.EndedAt + Duration.FromSeconds(2));
        await using var server = await SimServer.StartAsync(now: call.EndedAt - Duration.FromMilliseconds(1));
        var path = $"/retell/v2/get-call/{call.CallId}";

        using var early = await server.SendAsync(HttpMethod.Get, path, server.Retell, null);
        ((int)early.StatusCode).ShouldBe(422);
        server.Simulation.Clock.Advance(Duration.FromSeconds(1));
        (await server.GetAsync(path, server.Retell)).TryGetProperty("call_cost", out _).ShouldBeFalse();
        server.Simulation.Clock.Set(call.Products[0].Cost.KnownAt);
        (await server.GetAsync(path, server.Retell)).TryGetProperty("call_cost", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task A_vendor_dates_its_answers_by_the_time_of_the_world()
    {
        await using var server = await SimServer.StartAsync(now: SimServer.From + Duration.FromHours(5));

        using var answer = await server.SendAsync(HttpMethod.Get, "/openrouter/api/v1/credits", server.OpenRouter, null);

        answer.Headers.Date.ShouldBe((SimServer.From + Duration.FromHours(5)).ToDateTimeOffset());
    }

    private static string Bill(WorldPlan plan) => JsonSerializer.Serialize(TrueBill.Of(SimWorld.Draw(plan)));
}
