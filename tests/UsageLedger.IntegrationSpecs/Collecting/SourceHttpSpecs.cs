using System.Net;
using UsageLedger.Collecting.Sources;

namespace UsageLedger.IntegrationSpecs.Collecting;

public sealed class SourceHttpSpecs
{
    [Fact]
    public async Task A_new_source_is_201_with_its_place_and_the_same_again_is_200_and_appends_nothing()
    {
        await using var server = await SourcesServer.StartAsync();

        var made = await server.SendAsync(HttpMethod.Put, "/v1/sources/main", SourcesServer.Configuration);
        var again = await server.PutAsync("/v1/sources/main", SourcesServer.Configuration);

        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        made.Headers.Location!.OriginalString.ShouldBe("/v1/sources/main");
        var body = await made.Content.ReadAsStringAsync();
        body.ShouldBe("""
            {"sourceId":"main","provider":"spec","baseUrl":"https://api.spec.example/","schedule":"*/15 * * * *","lookBack":"P1D","settings":{},"hasCredentials":false,"position":1}
            """);
        again.GetRawText().ShouldBe(body);
        (await server.GetAsync("/v1/sources/main?minPosition=1")).GetRawText().ShouldBe(body);
        (await server.GetAsync("/v1/sources")).GetRawText().ShouldBe($$"""{"items":[{{body}}],"nextCursor":null}""");
        (await server.Books.Log.RowsAsync("select type, stream_id from ledger.mt_events")).ShouldBe(["source_configured source-main"]);
    }

    [Fact]
    public async Task A_changed_source_is_told_by_an_event_more_and_read_changed()
    {
        await using var server = await SourcesServer.StartAsync();
        await server.ConfigureAsync();

        await server.PutAsync("/v1/sources/main", """{"provider":"spec","baseUrl":"https://eu.spec.example/v2","settings":{"webhookUrl":"https://in.example/hook"}}""");

        var source = (await server.Get<SourceStore>().FindAsync("acme", "main", default)).ShouldNotBeNull();
        (source.BaseUrl.AbsoluteUri, source.Schedule, source.LookBack).ShouldBe(("https://eu.spec.example/v2", null, LookBack.Default));
        source.Settings["webhookUrl"].ShouldBe("https://in.example/hook");
        (await server.GetAsync("/v1/sources/main")).GetProperty("position").GetInt64().ShouldBe(2);
    }

    [Theory]
    [InlineData("""{"provider":"nobody","baseUrl":"https://a.example"}""", "/provider")]
    [InlineData("""{"provider":"spec"}""", "/baseUrl")]
    [InlineData("""{"provider":"spec","baseUrl":"http://a.example"}""", "/baseUrl")]
    [InlineData("""{"provider":"spec","baseUrl":"https://127.0.0.1:5432"}""", "/baseUrl")]
    [InlineData("""{"provider":"spec","baseUrl":"https://a.example","schedule":"often"}""", "/schedule")]
    [InlineData("""{"provider":"spec","baseUrl":"https://a.example","lookBack":"P1M"}""", "/lookBack")]
    [InlineData("""{"provider":"spec","baseUrl":"https://a.example","settings":{"colour":"red"}}""", "/settings/colour")]
    [InlineData("""{"provider":"spec","baseUrl":"https://a.example","apiKey":"x"}""", "/apiKey")]
    public async Task What_breaks_a_rule_is_422_and_leaves_no_trace(string body, string at)
    {
        await using var server = await SourcesServer.StartAsync();

        var problem = await server.PutAsync("/v1/sources/main", body, HttpStatusCode.UnprocessableEntity);

        problem.GetProperty("errors")[0].GetProperty("pointer").GetString().ShouldBe(at);
        (await server.Books.Log.HeadAsync()).ShouldBe(0);
        await server.GetAsync("/v1/sources/main", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Two_tenants_have_sources_of_one_name_that_know_nothing_of_each_other()
    {
        await using var server = await SourcesServer.StartAsync();
        await server.ConfigureAsync();

        await server.GetAsync("/v1/sources/main", HttpStatusCode.NotFound, "other");
        await server.GetAsync("/v1/sources/main/credentials", HttpStatusCode.NotFound, "other");
        await server.PutAsync("/v1/sources/main/credentials", """{"values":{"apiKey":"k"}}""", HttpStatusCode.NotFound, "other");
        (await server.SendAsync(HttpMethod.Post, "/v1/sources/main/validate", tenant: "other")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.GetAsync("/v1/sources", tenant: "other")).GetProperty("items").GetArrayLength().ShouldBe(0);

        await server.ConfigureAsync(tenant: "other");
        (await server.Get<SourceStore>().AllAsync(default)).Select(source => source.Tenant).ShouldBe(["acme", "other"]);
    }

    [Fact]
    public async Task A_list_is_read_in_pages()
    {
        await using var server = await SourcesServer.StartAsync();
        foreach (var id in (string[])["c", "a", "b"])
            await server.ConfigureAsync(id);

        var first = await server.GetAsync("/v1/sources?limit=2");
        var second = await server.GetAsync($"/v1/sources?limit=2&cursor={first.GetProperty("nextCursor").GetString()}");

        first.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("sourceId").GetString()).ShouldBe(["a", "b"]);
        second.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("sourceId").GetString()).ShouldBe(["c"]);
    }

    [Fact]
    public async Task Of_many_who_configure_at_once_each_is_told_and_the_last_one_stands()
    {
        await using var server = await SourcesServer.StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(i =>
            server.SendAsync(HttpMethod.Put, "/v1/sources/main", $$"""{"provider":"spec","baseUrl":"https://a{{i}}.example"}""")));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.Created || answer.StatusCode == HttpStatusCode.OK);
        (await server.Books.Log.HeadAsync()).ShouldBe(4);
        (await server.GetAsync("/v1/sources/main")).GetProperty("position").GetInt64().ShouldBe(4);
    }

    [Theory]
    [InlineData(null, "The source has no credentials; set them.")]
    [InlineData("key_wrong", "The API key was refused.")]
    [InlineData("key_unreachable", "The vendor could not be reached.")]
    [InlineData(SpecVendor.GoodKey, null)]
    public async Task Validation_tells_what_is_wrong_with_the_credentials(string? key, string? told)
    {
        await using var server = await SourcesServer.StartAsync();
        await server.ConfigureAsync();
        if (key is not null)
            await server.PutAsync("/v1/sources/main/credentials", $$$"""{"values":{"apiKey":"{{{key}}}"}}""");

        var answer = await server.SendAsync(HttpMethod.Post, "/v1/sources/main/validate", scope: "collect");

        (await answer.Content.ReadAsStringAsync()).ShouldBe(told is null ? """{"valid":true,"problems":[]}""" : $$"""{"valid":false,"problems":["{{told}}"]}""");
        (await server.Books.Log.RowsAsync("select data ->> 'purpose' from ledger.mt_events where type = 'credential_read'")).Count.ShouldBe(key is null ? 0 : 1);
    }

    [Fact]
    public async Task The_providers_tell_what_a_source_of_theirs_needs()
    {
        await using var server = await SourcesServer.StartAsync();

        var provider = (await server.GetAsync("/v1/providers")).GetProperty("items")[0];

        provider.GetRawText().ShouldBe("""
            {"name":"spec","metrics":[{"name":"spec.call","unit":"second","description":"A call."}],"credentials":{"required":["apiKey"],"optional":["webhookSecret"]},"settings":{"webhookUrl":"Where the vendor calls."},"webhooks":false}
            """);
    }
}
