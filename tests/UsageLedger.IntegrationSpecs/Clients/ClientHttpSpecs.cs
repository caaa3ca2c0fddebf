using System.Net;
using UsageLedger.IntegrationSpecs.Cycles;
using static UsageLedger.IntegrationSpecs.Cycles.Books;

namespace UsageLedger.IntegrationSpecs.Clients;

public sealed class ClientHttpSpecs
{
    private const string Contoso = """
        {"name":"Contoso","timeZone":"Europe/Berlin","period":"monthly","anchorDay":1,"graceDays":3,"currency":"EUR"}
        """;

    [Fact]
    public async Task A_new_client_is_201_with_its_place_and_the_same_again_is_200_with_the_same_answer()
    {
        await using var server = await BooksServer.StartAsync();

        var made = await server.PutAsync("/v1/clients/contoso", Contoso);
        var again = await server.PutAsync("/v1/clients/contoso", Contoso);

        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        made.Headers.Location!.OriginalString.ShouldBe("/v1/clients/contoso");
        again.StatusCode.ShouldBe(HttpStatusCode.OK);
        var body = await made.Content.ReadAsStringAsync();
        body.ShouldBe("""
            {"clientId":"contoso","name":"Contoso","timeZone":"Europe/Berlin","period":"monthly","anchorDay":1,"graceDays":3,"currency":"EUR","effectiveFrom":null,"registered":true,"position":1}
            """);
        (await again.Content.ReadAsStringAsync()).ShouldBe(body);
        (await server.GetAsync("/v1/clients/contoso?minPosition=1")).GetRawText().ShouldBe(body);
        (await server.GetAsync("/v1/clients")).GetRawText().ShouldBe($$"""{"items":[{{body}}],"nextCursor":null}""");
    }

    [Fact]
    public async Task A_client_that_usage_named_is_there_and_so_registering_it_is_200()
    {
        await using var server = await BooksServer.StartAsync();
        await server.Books.RecordAsync(Usage("1", "2026-10-02T10:00:00Z"));

        (await server.GetAsync("/v1/clients/contoso")).GetProperty("registered").GetBoolean().ShouldBeFalse();

        (await server.PutAsync("/v1/clients/contoso", Contoso)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Terms_that_break_a_rule_are_422_and_change_nothing()
    {
        await using var server = await BooksServer.StartAsync();

        var problem = await BooksCaller.ReadAsync(
            await server.PutAsync("/v1/clients/contoso", """{"anchorDay":32}"""), HttpStatusCode.UnprocessableEntity);

        problem.GetProperty("errors")[0].GetProperty("pointer").GetString().ShouldBe("/anchorDay");
        (await server.Books.Log.HeadAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task What_is_no_JSON_is_400_and_an_id_that_cannot_be_is_422()
    {
        await using var server = await BooksServer.StartAsync();

        await BooksCaller.ReadAsync(await server.PutAsync("/v1/clients/contoso", "{"), HttpStatusCode.BadRequest);
        await BooksCaller.ReadAsync(await server.PutAsync("/v1/clients/con%20toso", "{}"), HttpStatusCode.UnprocessableEntity);
        await server.GetAsync("/v1/clients/con%20toso", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Another_tenants_client_is_404_and_not_in_the_list()
    {
        await using var server = await BooksServer.StartAsync();
        await server.PutAsync("/v1/clients/contoso", Contoso);

        await server.GetAsync("/v1/clients/contoso", HttpStatusCode.NotFound, "other");
        await server.GetAsync("/v1/clients/contoso/cycles", HttpStatusCode.NotFound, "other");
        await server.GetAsync("/v1/clients/contoso/cycles/current", HttpStatusCode.NotFound, "other");
        var closing = await server.SendAsync(HttpMethod.Post, "/v1/clients/contoso/cycles/2026-09/close", tenant: "other");
        closing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.GetAsync("/v1/clients", tenant: "other")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Reading_needs_the_scope_query_and_changing_admin()
    {
        await using var server = await BooksServer.StartAsync();

        (await server.PutAsync("/v1/clients/contoso", Contoso, "query")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await server.SendAsync(HttpMethod.Get, "/v1/clients", scope: "ingest")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await server.SendAsync(HttpMethod.Post, "/v1/clients/contoso/cycles/current/close", scope: "query")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Lists_are_paged_by_cursor()
    {
        await using var server = await BooksServer.StartAsync();
        foreach (var id in new[] { "a", "b", "c" })
            await server.PutAsync($"/v1/clients/{id}", "{}");

        var first = await server.GetAsync("/v1/clients?limit=2");
        var second = await server.GetAsync($"/v1/clients?limit=2&cursor={first.GetProperty("nextCursor")}");

        second.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("clientId").GetString()).ShouldBe(["c"]);
        await server.GetAsync("/v1/clients?limit=1001", HttpStatusCode.BadRequest);
        await server.GetAsync("/v1/clients?cursor=nonsense", HttpStatusCode.BadRequest);
    }
}
