using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using UsageLedger.Access;
using UsageLedger.Answering;

namespace UsageLedger.IntegrationSpecs.Web;

public sealed class OpenApiSpecs
{
    [Fact]
    public async Task Every_route_is_described_by_what_it_says_of_itself()
    {
        await using var app = await WebApp.StartAsync(Routes);

        var text = await app.Client.GetStringAsync("/openapi/v1.json");
        using var document = JsonDocument.Parse(text);
        var root = document.RootElement;

        root.GetProperty("openapi").GetString()!.ShouldStartWith("3.1");
        root.GetProperty("paths").EnumerateObject().Select(path => path.Name).Order(StringComparer.Ordinal)
            .ShouldBe(["/health/live", "/openapi/v1.json", "/v1/clients", "/v1/clients/{clientId}", "/v1/tile/{level}/{index}"]);
        root.GetProperty("components").GetProperty("securitySchemes").GetProperty("apiKey").GetProperty("scheme").GetString().ShouldBe("bearer");
    }

    [Fact]
    public async Task A_route_shows_its_scope_examples_parameters_and_problems()
    {
        await using var app = await WebApp.StartAsync(Routes);

        using var document = JsonDocument.Parse(await app.Client.GetStringAsync("/openapi/v1.json"));
        var put = document.RootElement.GetProperty("paths").GetProperty("/v1/clients/{clientId}").GetProperty("put");

        put.GetProperty("summary").GetString().ShouldBe("Registers a client.");
        put.GetProperty("x-required-scope").GetString().ShouldBe("admin");
        put.GetProperty("security")[0].EnumerateObject().Single().Name.ShouldBe("apiKey");
        put.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("example").GetProperty("name").GetString()
            .ShouldBe("Contoso");
        var responses = put.GetProperty("responses");
        responses.GetProperty("201").GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("properties")
            .GetProperty("position").GetProperty("type").GetString().ShouldBe("integer");
        foreach (var status in (string[])["400", "401", "403", "404", "413", "415", "422", "429", "503"])
            responses.GetProperty(status).GetProperty("content").GetProperty("application/problem+json").GetProperty("schema").GetProperty("$ref")
                .GetString().ShouldBe("#/components/schemas/Problem");
        Names(put).ShouldBe(["clientId", "X-Correlation-Id"]);
    }

    [Fact]
    public async Task Parameters_that_every_such_route_has_need_not_be_said()
    {
        await using var app = await WebApp.StartAsync(Routes);

        using var document = JsonDocument.Parse(await app.Client.GetStringAsync("/openapi/v1.json"));
        var clients = document.RootElement.GetProperty("paths").GetProperty("/v1/clients");

        Names(clients.GetProperty("get")).ShouldBe(["limit", "minPosition", "X-Correlation-Id"]);
        Names(clients.GetProperty("post")).ShouldBe(["Idempotency-Key", "X-Correlation-Id"]);
        var open = document.RootElement.GetProperty("paths").GetProperty("/health/live").GetProperty("get");
        open.GetProperty("security").GetArrayLength().ShouldBe(0);
        open.TryGetProperty("x-required-scope", out _).ShouldBeFalse();
    }

    private static IEnumerable<string?> Names(JsonElement operation) =>
        operation.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString());

    private static void Routes(WebApplication app)
    {
        app.MapGet("/health/live", () => "live").AllowWithoutKey();
        app.MapGet("/v1/clients", () => "").RequireScope(Scope.Query).WithQuery("limit", "Items of a page.", "100")
            .WithExample(null, """{"items":[],"nextCursor":null}""");
        app.MapPost("/v1/clients", () => "").RequireScope(Scope.Admin).WithExample("{}", "{}");
        app.MapPut("/v1/clients/{clientId}", (string clientId) => clientId).RequireScope(Scope.Admin).WithSummary("Registers a client.")
            .WithExample("""{"name":"Contoso"}""", """{"clientId":"contoso","name":"Contoso","position":7}""", status: 201);
        app.MapGet("/v1/tile/{level:int}/{**index}", (int level, string index) => index).RequireScope(Scope.Audit).WithoutMinPosition()
            .WithExample(null, "(hashes)", responseType: "application/octet-stream");
    }
}
