using System.Net;
using UsageLedger.Attributing;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Projecting;
using UsageLedger.EventLog.Proof;
using UsageLedger.IntegrationSpecs.Collecting;
using UsageLedger.Recording;
using UsageLedger.Reporting;
using static UsageLedger.IntegrationSpecs.Cycles.Books;

namespace UsageLedger.IntegrationSpecs.Attributing;

public sealed class ReattributionSpecs
{
    private const string Contoso = """{"provider":"retell","key":"agent:a1","clientId":"contoso"}""";

    [Fact]
    public async Task Usage_of_before_a_mapping_moves_to_its_client()
    {
        await using var server = await SourcesServer.StartAsync();
        await server.Books.RecordAsync(Call("1", "2026-10-02T10:00:00Z", "a1", 0.5m), Call("2", "2026-10-02T11:00:00Z", "a2", 1m));
        await server.PutAsync("/v1/mappings/m1", Contoso, HttpStatusCode.Created);

        (await ReattributeAsync(server)).ShouldBe(1);

        (await UnattributedAsync(server)).ShouldBe(["agent:a2 1 1"]);
        Told(await server.Books.CycleAsync("2026-10")).ShouldBe("retell call - 1 minute 0.5 USD x1\ntotal 0.5 USD");
        (await ReattributeAsync(server)).ShouldBe(0);
        (await server.Books.Log.RowsAsync("select coalesce(client_id, '-'), records from read.late_usage")).ShouldBe(["- 2"], "moving is not coming late");
        (await server.Books.Log.RowsAsync("select type, stream_id, data ->> 'mapping' from ledger.mt_events where type = 'usage_attributed' order by seq_id"))
            .ShouldBe(["usage_attributed unattributed-api m1", "usage_attributed client-contoso m1"]);
        var usage = Call("1", "2026-10-02T10:00:00Z", "a1", 0.5m).Key(Tenant).Id;
        (await server.Books.Log.Reader.AboutAsync(Tenant, usage, default).Select(one => one.Type).ToListAsync())
            .ShouldBe(["usage_attributed", "usage_attributed"], "an auditor finds it among the revisions of the usage");
    }

    [Fact]
    public async Task An_agent_that_moved_from_one_client_to_another_is_split_at_that_instant()
    {
        await using var server = await SourcesServer.StartAsync();
        await server.Books.RecordAsync(Call("1", "2026-10-04T23:59:59.999999Z", "a1", 0.5m), Call("2", "2026-10-05T00:00:00Z", "a1", 1m));
        await server.PutAsync("/v1/mappings/m1", """{"provider":"retell","key":"agent:a1","clientId":"contoso","validTo":"2026-10-05T00:00:00Z"}""", HttpStatusCode.Created);
        await server.PutAsync("/v1/mappings/m2", """{"provider":"retell","key":"agent:a1","clientId":"fabrikam","validFrom":"2026-10-05T00:00:00Z"}""", HttpStatusCode.Created);

        (await ReattributeAsync(server)).ShouldBe(2);

        (await server.Books.CycleAsync("2026-10")).Totals.Single().Cost.ShouldBe("0.5");
        (await server.Books.CycleAsync("2026-10", "fabrikam")).Totals.Single().Cost.ShouldBe("1");
    }

    [Fact]
    public async Task What_comes_to_a_closed_cycle_is_booked_as_an_adjustment()
    {
        await using var server = await SourcesServer.StartAsync();
        await server.Books.RecordAsync(Usage("0", "2026-09-01T10:00:00Z", cost: 2m), Call("1", "2026-09-02T10:00:00Z", "a1", 0.5m));
        await server.Books.CloseAsync("2026-09");
        await server.PutAsync("/v1/mappings/m1", Contoso, HttpStatusCode.Created);

        await ReattributeAsync(server);

        Told(await server.Books.CycleAsync("2026-09")).ShouldBe("retell call - 1 minute 2 USD x1\ntotal 2 USD");
        Told(await server.Books.CycleAsync("2026-10")).ShouldBe("2026-09-01: retell call - 1 minute 0.5 USD x1\ntotal 0.5 USD");
    }

    [Fact]
    public async Task A_mapping_given_to_another_client_takes_what_comes_from_now_on_and_leaves_what_has_moved()
    {
        await using var server = await SourcesServer.StartAsync();
        await server.Books.RecordAsync(Call("1", "2026-10-02T10:00:00Z", "a1", 0.5m));
        await server.PutAsync("/v1/mappings/m1", Contoso, HttpStatusCode.Created);
        await ReattributeAsync(server);

        await server.PutAsync("/v1/mappings/m1", """{"provider":"retell","key":"agent:a1","clientId":"fabrikam"}""");
        await server.Books.RecordAsync(Call("2", "2026-10-02T11:00:00Z", "a1", 1m));
        await ReattributeAsync(server);

        (await server.Books.CycleAsync("2026-10")).Totals.Single().Cost.ShouldBe("0.5");
        (await server.Books.CycleAsync("2026-10", "fabrikam")).Totals.Single().Cost.ShouldBe("1");
    }

    [Fact]
    public async Task The_service_moves_what_comes_later_too()
    {
        await using var server = await SourcesServer.StartAsync(reattributes: true);
        await server.PutAsync("/v1/mappings/m1", Contoso, HttpStatusCode.Created);
        await server.Books.RecordAsync(Call("1", "2026-10-02T10:00:00Z", "a1", 0.5m));

        await EventLog.SpecLog.UntilAsync(
            async () => await server.Books.FindCycleAsync("2026-10") is { Totals: [{ Cost: "0.5" }] }, "the usage has moved to its client");
    }

    [Fact]
    public async Task What_one_tenants_usage_comes_to_grief_over_does_not_stop_the_others()
    {
        await using var server = await SourcesServer.StartAsync(reattributes: true);
        foreach (var tenant in (string[])[Tenant, "other"])
            await server.PutAsync("/v1/mappings/m1", Contoso, HttpStatusCode.Created, tenant);
        var broken = new NewEvent(
            Guid.NewGuid(), "unattributed-api", EventTypes.UsageRecorded,
            new CanonicalJsonWriter().StartObject().Name("attributes").StartObject().Member(MappingKeys.Agent, "a1").EndObject().EndObject().Take());
        await server.Books.Appender.AppendAsync(new AppendRequest(Tenant, "spec", [new AppendItem(broken.Id, broken)]), default);
        await EventLog.SpecLog.UntilAsync(() => Task.FromResult(server.Lines.Text.Contains($"Unattributed usage of {Tenant} could not be looked at", StringComparison.Ordinal)), "its trouble is told");

        await server.Books.RecordAsync(false, "other", Call("1", "2026-10-02T10:00:00Z", "a1", 0.5m));

        await EventLog.SpecLog.UntilAsync(
            async () => await server.Books.Log.AskAsync<long>("select count(*) from ledger.mt_events where tenant_id = 'other' and stream_id = 'client-contoso'") == 1,
            "the other tenant's usage has moved");
    }

    [Fact]
    public async Task A_page_that_was_moved_but_not_noted_is_done_again_and_moves_nothing_twice()
    {
        await using var server = await SourcesServer.StartAsync();
        await server.Books.RecordAsync([.. Enumerable.Range(0, 200).Select(i => Call($"{i}", "2026-10-02T10:00:00Z", "a1", 0.01m))]);
        await server.PutAsync("/v1/mappings/m1", Contoso, HttpStatusCode.Created);
        await ReattributeAsync(server);
        var head = await server.Books.Log.HeadAsync();

        await server.Books.Log.DoAsync("delete from ledger.reattributions");
        (await ReattributeAsync(server)).ShouldBe(0);

        (await server.Books.Log.HeadAsync()).ShouldBe(head);
        (await server.Books.CycleAsync("2026-10")).Lines.Single().Records.ShouldBe(200);
    }

    [Fact]
    public async Task What_is_unattributed_is_told_by_key_with_what_is_revised_voided_and_moved_taken_out()
    {
        await using var server = await SourcesServer.StartAsync();
        var (gone, revised) = (Call("3", "2026-10-02T10:00:00Z", "a1", 4m), Call("4", "2026-10-02T10:00:00Z", "a1", null));
        await server.Books.RecordAsync(Call("1", "2026-10-02T10:00:00Z", "a1", 0.5m), Call("2", "2026-10-03T10:00:00Z", "a1", 0.25m), gone, revised);
        await server.Books.RecordAsync(Usage("5", "2026-10-02T10:00:00Z", cost: 1m, client: null));
        await server.Books.RecordAsync(false, "other", Call("1", "2026-10-02T10:00:00Z", "a1", 9m));
        await server.Books.VoidAsync(gone);
        await server.Books.ArriveAsync();
        (await server.GetAsync("/v1/unattributed")).GetProperty("items").EnumerateArray().Single(row => row.GetProperty("pending").GetInt64() == 1)
            .GetProperty("firstSeen").GetString().ShouldBe("2026-10-02T10:00:00Z");
        await server.Books.ReviseAsync(revised with { Cost = 0.1m });

        (await UnattributedAsync(server)).ShouldBe([" 1 1", "agent:a1 3 0.85"]);

        await server.PutAsync("/v1/mappings/m1", Contoso, HttpStatusCode.Created);
        await ReattributeAsync(server);
        (await UnattributedAsync(server)).ShouldBe([" 1 1"]);
        (await server.GetAsync("/v1/unattributed", tenant: "other")).GetProperty("items").GetArrayLength().ShouldBe(1);
        foreach (var projection in (IProjection[])[new UnattributedUsage(), new UsageBuckets(), new UsageLedger.Cycles.CycleAggregates()])
        {
            var outcome = await new ProjectionRebuild(server.Books.Log.Database, new ProjectionOptions()).RunAsync(projection, true, null, default);
            outcome.Differences.ShouldBe(0, string.Join('\n', outcome.Examples));
        }
    }

    [Fact]
    public async Task Sent_again_as_it_was_it_is_a_duplicate_wherever_it_has_moved()
    {
        await using var server = await SourcesServer.StartAsync();
        var call = Call("1", "2026-10-02T10:00:00Z", "a1", 0.5m);
        await server.Books.RecordAsync(call);
        await server.PutAsync("/v1/mappings/m1", Contoso, HttpStatusCode.Created);
        await ReattributeAsync(server);

        (await server.Books.RecordAsync(call)).Duplicates.ShouldBe(1);
        await server.Books.VoidAsync(call);
        (await server.Books.RecordAsync(call)).Duplicates.ShouldBe(1);
    }

    private static UsageRecord Call(string key, string occurredAt, string agent, decimal? cost) =>
        Usage(key, occurredAt, cost: cost, client: null) with { Attributes = [new NamedText(MappingKeys.Agent, agent)] };

    private static Task<long> ReattributeAsync(SourcesServer server) => ReattributeHandler.Handle(
        new Reattribute(Tenant), server.Get<MappingStore>(), server.Books.Appender, server.Books.Log.Database, default);

    private static async Task<List<string>> UnattributedAsync(SourcesServer server)
    {
        await server.Books.ArriveAsync();
        var items = (await server.GetAsync("/v1/unattributed")).GetProperty("items").EnumerateArray();
        return [.. items.Select(item => $"{item.GetProperty("key").GetString()} {item.GetProperty("records")} {item.GetProperty("cost").GetString()}").Order(StringComparer.Ordinal)];
    }
}
