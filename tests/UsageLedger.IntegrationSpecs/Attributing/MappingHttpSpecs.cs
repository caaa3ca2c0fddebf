using System.Net;
using UsageLedger.Attributing;
using UsageLedger.IntegrationSpecs.Collecting;

namespace UsageLedger.IntegrationSpecs.Attributing;

public sealed class MappingHttpSpecs
{
    private const string Contoso = """{"provider":"retell","key":"agent:a1","clientId":"contoso","validTo":"2026-10-05T12:00:00Z"}""";

    [Fact]
    public async Task A_new_mapping_is_201_and_the_same_again_is_200_and_appends_nothing()
    {
        await using var server = await SourcesServer.StartAsync();

        var made = await server.PutAsync("/v1/mappings/m1", Contoso, HttpStatusCode.Created);
        var again = await server.PutAsync("/v1/mappings/m1", Contoso);

        made.GetRawText().ShouldBe("""
            {"id":"m1","provider":"retell","key":"agent:a1","clientId":"contoso","agentId":null,"validFrom":null,"validTo":"2026-10-05T12:00:00Z","position":1}
            """);
        again.GetRawText().ShouldBe(made.GetRawText());
        (await server.GetAsync("/v1/mappings/m1?minPosition=1")).GetRawText().ShouldBe(made.GetRawText());
        (await server.GetAsync("/v1/mappings")).GetRawText().ShouldBe($$"""{"items":[{{made.GetRawText()}}],"nextCursor":null}""");
        (await server.Books.Log.HeadAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task One_that_overlaps_another_is_409_and_names_it_and_one_that_follows_it_is_not()
    {
        await using var server = await SourcesServer.StartAsync();
        await server.PutAsync("/v1/mappings/m1", Contoso, HttpStatusCode.Created);

        var problem = await server.PutAsync("/v1/mappings/m2", """{"provider":"retell","key":"agent:a1","clientId":"fabrikam","validFrom":"2026-10-05T11:59:59Z"}""", HttpStatusCode.Conflict);

        (problem.GetProperty("code").GetString(), problem.GetProperty("mappingId").GetString()).ShouldBe(("mapping_overlap", "m1"));
        await server.PutAsync("/v1/mappings/m2", """{"provider":"retell","key":"agent:a1","clientId":"fabrikam","validFrom":"2026-10-05T12:00:00Z"}""", HttpStatusCode.Created);
        await server.PutAsync("/v1/mappings/m3", """{"provider":"twilio","key":"agent:a1","clientId":"fabrikam"}""", HttpStatusCode.Created);
        await server.PutAsync("/v1/mappings/m1", """{"provider":"retell","key":"agent:a1","clientId":"contoso"}""", HttpStatusCode.Conflict);
        await server.PutAsync("/v1/mappings/m1", """{"provider":"retell","key":"agent:a1","clientId":"northwind","validTo":"2026-10-05T12:00:00Z"}""");
    }

    [Fact]
    public async Task Of_two_processes_that_set_what_overlaps_at_once_one_is_refused()
    {
        await using var server = await SourcesServer.StartAsync();
        using var here = new MappingStore(server.Books.Log.Reader);
        using var there = new MappingStore(server.Books.Log.Reader);
        var (mine, theirs) = (server.Books.Log.Appender("here"), server.Books.Log.Appender("there"));

        for (var round = 0; round < 10; round++)
        {
            var key = new MappingKey(MappingKeys.Agent, $"a{round}", null);
            var outcomes = await Task.WhenAll(
                SetMappingHandler.Handle(new SetMapping("acme", new Mapping($"h{round}", "retell", key, "contoso", null, null, null), "c"), here, mine, default),
                SetMappingHandler.Handle(new SetMapping("acme", new Mapping($"t{round}", "retell", key, "fabrikam", null, null, null), "c"), there, theirs, default));

            outcomes.Select(outcome => outcome.Verdict).ShouldBe([SetMappingVerdict.Set, SetMappingVerdict.Overlap], ignoreOrder: true);
        }

        (await server.GetAsync("/v1/mappings")).GetProperty("items").GetArrayLength().ShouldBe(10);
    }

    [Fact]
    public async Task Of_many_that_do_not_overlap_all_are_set_at_once()
    {
        await using var server = await SourcesServer.StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(i =>
            server.SendAsync(HttpMethod.Put, $"/v1/mappings/m{i}", $$"""{"provider":"retell","key":"agent:a{{i}}","clientId":"contoso"}""")));

        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("""{"key":"agent:a1","clientId":"contoso"}""", "/provider")]
    [InlineData("""{"provider":"retell","key":"who:a1","clientId":"contoso"}""", "/key")]
    [InlineData("""{"provider":"retell","key":"agent:a1"}""", "/clientId")]
    [InlineData("""{"provider":"retell","key":"agent:a1","clientId":"con toso"}""", "/clientId")]
    [InlineData("""{"provider":"retell","key":"agent:a1","clientId":"c","validFrom":"2026-10-05T12:00:00Z","validTo":"2026-10-05T12:00:00Z"}""", "/validTo")]
    [InlineData("""{"provider":"retell","key":"agent:a1","clientId":"c","validFrom":"2026-10-05"}""", "/validFrom")]
    public async Task What_breaks_a_rule_is_422(string body, string at)
    {
        await using var server = await SourcesServer.StartAsync();

        var problem = await server.PutAsync("/v1/mappings/m1", body, HttpStatusCode.UnprocessableEntity);

        problem.GetProperty("errors")[0].GetProperty("pointer").GetString().ShouldBe(at);
    }

    [Fact]
    public async Task Another_tenants_mappings_are_not_there()
    {
        await using var server = await SourcesServer.StartAsync();
        await server.PutAsync("/v1/mappings/m1", Contoso, HttpStatusCode.Created);

        await server.GetAsync("/v1/mappings/m1", HttpStatusCode.NotFound, "other");
        (await server.GetAsync("/v1/mappings", tenant: "other")).GetProperty("items").GetArrayLength().ShouldBe(0);
        await server.PutAsync("/v1/mappings/m1", Contoso, HttpStatusCode.Created, "other");
        (await server.Get<MappingStore>().LoadAsync("third", "retell", default)).ShouldBeSameAs(Mappings.None);
    }
}
