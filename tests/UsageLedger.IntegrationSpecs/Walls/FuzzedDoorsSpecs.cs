using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using UsageLedger.IntegrationSpecs.Collecting;
using UsageLedger.IntegrationSpecs.Collecting.FourthVendor;
using Xunit.Abstractions;

namespace UsageLedger.IntegrationSpecs.Walls;

/// <summary>Whatever is sent to any route, nothing fails and nothing hangs: the examples of the OpenAPI document, changed in structure and in bytes.</summary>
public sealed class FuzzedDoorsSpecs(TwoTenants world, ITestOutputHelper output) : IClassFixture<TwoTenants>
{
    private const int DrawsMax = 1_000;

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(15);

    /// <summary>They ask the world outside, or wait by intent.</summary>
    private static readonly string[] NotAsked = ["POST /v1/sources/{sourceId}/validate"];

    [Fact]
    public async Task No_request_makes_a_route_fail_or_hang()
    {
        var run = new FuzzRun("http", output);
        var mutations = new Mutations(run.Random);
        var key = world.TheOwner.Key!;
        var routes = world.Routes.Where(route => !NotAsked.Contains(route.Name)).ToList();
        var answers = new SortedDictionary<int, int>();
        var asked = new HashSet<string>();
        while (run.Next(routes.Count))
        {
            // Each once, in their order, and then as it comes.
            var route = run.Tries <= routes.Count ? routes[run.Tries - 1] : mutations.Pick(routes);
            using var request = await AnyRequestAsync(route, mutations, key);
            asked.Add(route.Name);
            using var within = new CancellationTokenSource(AnswerWithin);
            var told = $"{run.Seeded}: {request.Method} {request.RequestUri!.OriginalString}";
            using var response = await world.TheOwner.Client.SendAsync(request, within.Token);
            var text = await response.Content.ReadAsStringAsync(within.Token);
            answers[(int)response.StatusCode] = answers.GetValueOrDefault((int)response.StatusCode) + 1;
            var isHeldOff = response.StatusCode == HttpStatusCode.ServiceUnavailable && response.Headers.RetryAfter is not null;
            var isOfVendor = response.StatusCode == HttpStatusCode.BadGateway && text.Contains("\"code\":\"vendor_", StringComparison.Ordinal);
            ((int)response.StatusCode < 500 || isHeldOff || isOfVendor).ShouldBeTrue($"{told} answered {(int)response.StatusCode} {text}");
        }

        world.Ledger.Errors.ShouldBeEmpty(run.Seeded);
        run.End(string.Join(' ', answers.Select(answer => $"{answer.Key}:{answer.Value}")));
        asked.Order().ShouldBe(routes.Select(route => route.Name).Order());
        answers.ShouldContainKey(200);
        answers.ShouldContainKey(400);
    }

    /// <summary>Another as long as it is none.</summary>
    private async Task<HttpRequestMessage> AnyRequestAsync(ApiRoute route, Mutations mutations, string key)
    {
        for (var draw = 0; draw < DrawsMax; draw++)
        {
            if (await RequestAsync(route, mutations, key) is { } request)
                return request;
        }

        throw new InvalidOperationException($"Of {DrawsMax} requests to {route.Name} none was one.");
    }

    /// <summary>The route's own example, with the owner's things, changed in one way or another; null: it is no request at all.</summary>
    private async Task<HttpRequestMessage?> RequestAsync(ApiRoute route, Mutations mutations, string key)
    {
        var path = mutations.Pick([.. RouteCalls.Paths(route, world.Theirs)]);
        if (mutations.Chance(3))
        {
            var part = mutations.Pick(path.Split(['/', '?'], StringSplitOptions.RemoveEmptyEntries));
            path = path.Replace(part, Escaped(mutations.Text(part), mutations), StringComparison.Ordinal);
        }

        var query = route.Parameters("query").Where(parameter => parameter.Name != "minPosition" && mutations.Chance(2))
            .Select(parameter => $"{parameter.Name}={Escaped(mutations.Text(parameter.Example ?? ""), mutations)}").ToList();
        path += query.Count == 0 ? "" : (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + string.Join('&', query);
        if (!path.StartsWith('/') || !Uri.TryCreate(world.TheOwner.Client.BaseAddress!.AbsoluteUri.TrimEnd('/') + path, default(UriCreationOptions), out var uri))
            return null;
        var request = new HttpRequestMessage(new HttpMethod(route.Method), uri) { Content = await BodyAsync(route, mutations) };
        request.Headers.TryAddWithoutValidation("Authorization", mutations.Chance(20) ? mutations.Text("Bearer " + key) : "Bearer " + key);
        if (mutations.Chance(4))
            request.Headers.TryAddWithoutValidation("Idempotency-Key", mutations.Text("once"));
        if (mutations.Chance(8))
            request.Headers.TryAddWithoutValidation("X-Correlation-Id", mutations.Text("order:7"));
        if (mutations.Chance(8))
            request.Headers.TryAddWithoutValidation("Accept", mutations.Text("text/csv"));
        if (route.Path.StartsWith("/v1/webhooks/", StringComparison.Ordinal))
            request.Headers.TryAddWithoutValidation(FaxWebhooks.Header, mutations.Text(CollectingLedger.Secret));
        if (HasLineBreaks(request))
        {
            request.Dispose();
            return null;
        }

        return request;
    }

    private async Task<HttpContent?> BodyAsync(ApiRoute route, Mutations mutations)
    {
        if (route.Operation["requestBody"]?["content"] is not JsonObject contents)
            return null;
        if (mutations.Chance(2) && RouteCalls.Body(route, world.Theirs) is { } known)
            return Changed(await known.ReadAsByteArrayAsync(), known.Headers.ContentType!.MediaType!, mutations);
        var (mediaType, body) = mutations.Pick([.. contents]);
        var example = body!["example"] ?? mutations.Pick([.. body["examples"]!.AsObject()]).Value!["value"];
        var good = Encoding.UTF8.GetBytes(example is JsonValue value && value.TryGetValue<string>(out var text) ? text : example!.ToJsonString());
        return Changed(good, mediaType, mutations);
    }

    private static ByteArrayContent Changed(byte[] good, string mediaType, Mutations mutations)
    {
        var content = new ByteArrayContent(mutations.Chance(2) ? mutations.Structured(good) : mutations.Chance(8) ? good : mutations.Bytes(good));
        content.Headers.TryAddWithoutValidation("Content-Type", mutations.Chance(12) ? mutations.Text(mediaType).ReplaceLineEndings("") : mediaType);
        return content;
    }

    private static string Escaped(string text, Mutations mutations) => mutations.Chance(6) ? text.Replace('\0', '0') : Uri.EscapeDataString(text.Replace('\ud800', ' ').Replace('\udc00', ' '));

    /// <summary>The client itself sends no header with a line break in it.</summary>
    private static bool HasLineBreaks(HttpRequestMessage request) =>
        request.Headers.Concat(request.Content?.Headers.AsEnumerable() ?? [])
            .SelectMany(header => header.Value).Any(value => value.AsSpan().ContainsAny('\r', '\n', '\0') || value.Any(character => character > 0x7e || char.IsControl(character)));
}
