using System.Diagnostics;
using System.IO.Compression;
using UsageLedger.IntegrationSpecs.Running;
using UsageLedger.IntegrationSpecs.Web;

namespace UsageLedger.IntegrationSpecs.Walls;

/// <summary>Bodies, addresses and headers made to exhaust or to deceive are refused at once, and leave nothing behind.</summary>
public sealed class HostileRequestSpecs(ServedLedger ledger) : IClassFixture<ServedLedger>
{
    private const string Good = """{"idempotencyKey":"good","provider":"p","metric":"m","quantity":"1","unit":"u","occurredAt":"2026-10-02T10:00:00Z"}""";
    private static readonly TimeSpan AnsweredWithin = TimeSpan.FromSeconds(10);
    private Caller caller = null!;

    private static readonly Dictionary<string, Func<string>> Bodies = new()
    {
        ["deep arrays"] = () => new string('[', 200_000),
        ["deep objects"] = () => string.Concat(Enumerable.Repeat("{\"a\":", 100_000)),
        ["deep attributes"] = () => Good[..^1] + ",\"attributes\":{\"a\":" + new string('[', 5_000) + new string(']', 5_000) + "}}",
        ["a huge exponent"] = () => Good.Replace("\"1\"", "\"1e999999999\"", StringComparison.Ordinal),
        ["a tiny exponent"] = () => Good.Replace("\"1\"", "1e-999999999", StringComparison.Ordinal),
        ["a million digits"] = () => Good.Replace("\"1\"", new string('9', 1_000_000), StringComparison.Ordinal),
        ["a member twice"] = () => Good[..^1] + ",\"quantity\":\"2\"}",
        ["a member twice, escaped"] = () => Good[..^1] + ",\"quan\\u0074ity\":\"2\"}",
        ["a key of megabytes"] = () => Good.Replace("good", new string('k', 2_000_000), StringComparison.Ordinal),
        ["a thousand attributes"] = () => Good[..^1] + ",\"attributes\":{" + string.Join(',', Enumerable.Range(0, 1_000).Select(i => $"\"a{i}\":\"\"")) + "}}",
        ["zero in a text"] = () => Good.Replace("good", "a\\u0000b", StringComparison.Ordinal),
        ["half a character"] = () => Good.Replace("good", "\\ud800", StringComparison.Ordinal),
        ["more records than are taken"] = () => $"[{string.Join(',', Enumerable.Repeat("{}", 10_001))}]",
    };

    private static readonly Dictionary<string, string> Addresses = new()
    {
        ["a long id"] = "/v1/clients/" + new string('a', 6_000),
        ["a longer id"] = "/v1/clients/" + new string('a', 20_000),
        ["folders"] = "/v1/clients/" + string.Concat(Enumerable.Repeat("%2e%2e%2f", 500)),
        ["zero"] = "/v1/clients/a%00b",
        ["a header"] = "/v1/clients/a%0d%0aX-Forged:%20yes",
        ["a long cursor"] = "/v1/clients?cursor=" + new string('A', 6_000),
        ["a large limit"] = "/v1/clients?limit=99999999999999999999999",
        ["many groups"] = "/v1/usage?from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:00Z&groupBy=" + string.Join(',', Enumerable.Repeat("metrics", 800)),
        ["a long position"] = "/v1/ledger/events/" + new string('9', 400),
        ["a long tile"] = "/v1/ledger/tile/0/" + string.Concat(Enumerable.Repeat("x999/", 300)) + "000",
    };

    public static TheoryData<string> BodyNames => [.. Bodies.Keys];

    public static TheoryData<string> AddressNames => [.. Addresses.Keys];

    [Theory]
    [MemberData(nameof(BodyNames))]
    public async Task A_hostile_body_is_refused_at_once(string name)
    {
        await EnterAsync();
        var body = Bodies[name]();
        foreach (var mediaType in (string[])[Caller.Json, Caller.Lines, Caller.CloudEvent, Caller.CloudEventBatch])
        {
            var path = mediaType is Caller.Json or Caller.Lines ? "/v1/usage" : "/v1/events";
            await RefusedAsync($"{name} as {mediaType}", () => caller.PostAsync(path, body, mediaType));
        }

        await StillServedAsync();
    }

    [Theory]
    [MemberData(nameof(AddressNames))]
    public async Task A_hostile_address_is_refused_at_once(string name)
    {
        await EnterAsync();
        await RefusedAsync(name, () => caller.GetAsync(Addresses[name]));
        await StillServedAsync();
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate, gzip")]
    public async Task A_packed_body_is_not_unpacked(string coding)
    {
        await EnterAsync();
        using var packed = new MemoryStream();
        await using (var zip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await zip.WriteAsync(new byte[64 * 1024 * 1024]);

        var content = new ByteArrayContent(packed.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", Caller.Json);
        content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        (await caller.SendAsync(HttpMethod.Post, "/v1/usage", content)).Status.ShouldBe(415);
    }

    [Fact]
    public async Task More_than_a_route_takes_is_too_large()
    {
        await EnterAsync();
        (await caller.PostAsync("/v1/usage", new byte[64 * 1024 * 1024])).Status.ShouldBe(413);
        await RefusedAsync("headers", () => caller.SendAsync(HttpMethod.Get, "/v1/clients", null, ("X-Long", new string('a', 64 * 1024))));
        await RefusedAsync("idempotency key", () => caller.PostAsync("/v1/usage", Good, Caller.Json, ("Idempotency-Key", new string('k', 5_000))));
        await StillServedAsync();
    }

    [Theory]
    [InlineData("order-7\tX")]
    [InlineData("a b")]
    [InlineData("a/b")]
    public async Task A_correlation_id_that_is_none_is_replaced(string given)
    {
        await EnterAsync();
        var reply = await caller.SendAsync(HttpMethod.Get, "/v1/clients", null, ("X-Correlation-Id", given));
        reply.Header("X-Correlation-Id").ShouldMatch("^[0-9a-f]{32}$");
    }

    private static async Task RefusedAsync(string what, Func<Task<Reply>> ask)
    {
        var asked = Stopwatch.GetTimestamp();
        var reply = await ask();
        reply.Status.ShouldBeInRange(400, 499, $"{what}: {reply.Text[..Math.Min(400, reply.Text.Length)]}");
        reply.Text.Length.ShouldBeLessThan(2_000_000, what);
        reply.Headers.Contains("X-Forged").ShouldBeFalse(what);
        Stopwatch.GetElapsedTime(asked).ShouldBeLessThan(AnsweredWithin, what);
    }

    private async Task StillServedAsync() => (await caller.UsageAsync(Good)).Status.ShouldBe(200);

    private async Task EnterAsync() => caller = await ledger.CallerAsync("acme", "admin");
}
