using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using UsageLedger.Access;

namespace UsageLedger.IntegrationSpecs.Web;

/// <summary>The OpenAPI document tells every route of the whole server, and tells it whole: none can be forgotten.</summary>
public sealed partial class DescribedRoutesSpecs(ServedLedger ledger) : IClassFixture<ServedLedger>, IAsyncLifetime
{
    private JsonObject _document = null!;

    public async Task InitializeAsync() => _document = JsonNode.Parse(await ledger.Client.GetStringAsync("/openapi/v1.json"))!.AsObject();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public void It_is_of_version_3_1() => _document["openapi"]!.GetValue<string>().ShouldStartWith("3.1.");

    [Fact]
    public void Each_route_is_in_it_and_nothing_else() =>
        Operations().Select(operation => operation.Name).Order().ShouldBe(Routes().Select(Name).Order());

    [Fact]
    public void Each_route_tells_its_scope_as_the_server_asks_for_it()
    {
        var told = Operations().ToDictionary(operation => operation.Name, operation => operation.Body["x-required-scope"]?.GetValue<string>());
        foreach (var route in Routes())
        {
            var scope = route.Metadata.GetRequiredMetadata<RouteAccess>().Scope;
            told[Name(route)].ShouldBe(scope is { } needed ? Scopes.NameOf(needed) : null, Name(route));
        }
    }

    [Fact]
    public void Each_route_tells_its_security()
    {
        foreach (var (name, operation) in Operations())
        {
            var security = operation["security"].ShouldNotBeNull(name).AsArray();
            var keyed = operation.ContainsKey("x-required-scope");
            security.Count.ShouldBe(keyed ? 1 : 0, name);
        }
    }

    [Fact]
    public void Each_route_has_a_sentence_an_answer_and_examples()
    {
        foreach (var (name, operation) in Operations())
        {
            operation["summary"].ShouldNotBeNull(name);
            var responses = operation["responses"]!.AsObject();
            responses.ShouldContain(response => response.Key.StartsWith('2'), name);
            foreach (var content in responses.Select(response => response.Value!["content"]).Append(operation["requestBody"]?["content"]))
            {
                foreach (var (mediaType, body) in content?.AsObject() ?? [])
                {
                    (body!["example"] ?? body["examples"]).ShouldNotBeNull($"{name} {mediaType}");
                    body["schema"].ShouldNotBeNull($"{name} {mediaType}");
                }
            }
        }
    }

    [Fact]
    public void Each_route_that_asks_for_a_key_tells_its_refusals_as_problems()
    {
        foreach (var (name, operation) in Operations().Where(operation => operation.Body.ContainsKey("x-required-scope")))
        {
            foreach (var status in (string[])["400", "401", "403", "500", "503"])
            {
                operation["responses"]![status]?["content"]?["application/problem+json"].ShouldNotBeNull($"{name} {status}");
            }
        }
    }

    [Fact]
    public void Each_reference_leads_somewhere()
    {
        var references = Reference().Matches(_document.ToJsonString()).Select(match => match.Groups["name"].Value).Distinct().ToList();
        references.ShouldNotBeEmpty();
        references.ShouldAllBe(name => _document["components"]!["schemas"]![name] != null);
    }

    [GeneratedRegex("\"#/components/schemas/(?<name>[^\"]+)\"")]
    private static partial Regex Reference();

    /// <summary>A path without what only the server's routing reads of it.</summary>
    [GeneratedRegex(@"\{\*{0,2}(?<name>\w+)[^}]*\}")]
    private static partial Regex Parameter();

    private static string Name(RouteEndpoint route) =>
        $"{route.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Single()} {Parameter().Replace(route.RoutePattern.RawText!, "{${name}}")}";

    private IEnumerable<RouteEndpoint> Routes() => ledger.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    private IEnumerable<(string Name, JsonObject Body)> Operations() =>
        from path in _document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select ($"{operation.Key.ToUpperInvariant()} {path.Key}", operation.Value!.AsObject());
}
