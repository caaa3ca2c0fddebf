using System.Diagnostics;
using System.IO.Compression;
using UsageLedger.IntegrationSpecs.Running;
using UsageLedger.IntegrationSpecs.Web;

namespace UsageLedger.IntegrationSpecs.Walls;

/// <summary>Bodies, addresses and headers made to exhaust or to deceive are refused at once, and leave nothing behind.</summary>
public sealed class HostileRequestSpecs(ServedLedger ledger) : IClassFixture<ServedLedger>
{
    private static readonly TimeSpan AnsweredWithin = TimeSpan.FromSeconds(10);
    private Caller caller = null!;

    /// <summary>What is hostile of a body, and what is told of it in each of the forms.</summary>
    private static readonly Dictionary<string, (Func<HostileForm, string> Body, string[] Told)> Bodies = new()
    {
        ["deep arrays"] = (
            _ => new string('[', 200_000),
            ["400 invalid_json", "422 invalid_json /0", "400 invalid_json", "400 invalid_json"]),
        ["deep objects"] = (
            _ => string.Concat(Enumerable.Repeat("{\"a\":", 100_000)),
            ["400 invalid_json", "422 invalid_json /0", "400 invalid_json", "400 invalid_envelope"]),
        ["deep attributes"] = (
            form => form.Body(form.WithAttributes("\"a\":" + new string('[', 5_000) + new string(']', 5_000))),
            ["400 invalid_json", "422 invalid_json /0", "400 invalid_json", "400 invalid_json"]),
        ["a huge exponent"] = (
            form => form.Body(form.Replaced("\"1\"", "\"1e999999999\"")),
            ["422 quantity_out_of_range /quantity", "422 quantity_out_of_range /0/quantity", "422 quantity_out_of_range /data/quantity", "422 quantity_out_of_range /0/data/quantity"]),
        ["a tiny exponent"] = (
            form => form.Body(form.Replaced("\"1\"", "1e-999999999")),
            ["422 quantity_out_of_range /quantity", "422 quantity_out_of_range /0/quantity", "422 quantity_out_of_range /data/quantity", "422 quantity_out_of_range /0/data/quantity"]),
        ["a million digits"] = (
            form => form.Body(form.Replaced("\"1\"", new string('9', 1_000_000))),
            ["422 quantity_out_of_range /quantity", "422 quantity_out_of_range /0/quantity", "422 quantity_out_of_range /data/quantity", "422 quantity_out_of_range /0/data/quantity"]),
        ["a member twice"] = (
            form => form.Body(form.With("\"quantity\":\"2\"")),
            ["400 duplicate_name /quantity", "422 duplicate_name /0/quantity", "400 duplicate_name /data/quantity", "400 duplicate_name /0/data/quantity"]),
        ["a member twice, escaped"] = (
            form => form.Body(form.With("\"quan\\u0074ity\":\"2\"")),
            ["400 duplicate_name /quantity", "422 duplicate_name /0/quantity", "400 duplicate_name /data/quantity", "400 duplicate_name /0/data/quantity"]),
        ["a key of megabytes"] = (
            form => form.Body(form.Replaced("good", new string('k', 2_000_000))),
            ["422 too_long /idempotencyKey", "422 too_long /0/idempotencyKey", "422 too_long /id", "422 too_long /0/id"]),
        ["a thousand attributes"] = (
            form => form.Body(form.WithAttributes(string.Join(',', Enumerable.Range(0, 1_000).Select(i => $"\"a{i}\":\"\"")))),
            ["422 too_many_attributes /attributes", "422 too_many_attributes /0/attributes", "422 too_many_attributes /data", "422 too_many_attributes /0/data"]),
        ["zero in a text"] = (
            form => form.Body(form.Replaced("good", "a\\u0000b")),
            ["422 control_character /idempotencyKey", "422 control_character /0/idempotencyKey", "400 invalid_envelope /id", "400 invalid_envelope /0/id"]),
        ["half a character"] = (
            form => form.Body(form.Replaced("good", "\\ud800")),
            ["422 invalid_unicode /idempotencyKey", "422 invalid_unicode /0/idempotencyKey", "400 invalid_envelope /id", "400 invalid_envelope /0/id"]),
        ["more records than are taken"] = (
            form => form.Many(Enumerable.Repeat(form.Record, 10_001)),
            ["413 too_many_records", "413 too_many_records", "400 invalid_envelope", "413 too_many_records"]),
    };

    private static readonly Dictionary<string, (string Path, string Told)> Addresses = new()
    {
        ["a long id"] = ("/v1/clients/" + new string('a', 6_000), "404 not_found"),
        ["a longer id"] = ("/v1/clients/" + new string('a', 20_000), "414"),
        ["folders"] = ("/v1/clients/" + string.Concat(Enumerable.Repeat("%2e%2e%2f", 500)), "404 not_found"),
        ["zero"] = ("/v1/clients/a%00b", "400"),
        ["a header"] = ("/v1/clients/a%0d%0aX-Forged:%20yes", "404 not_found"),
        ["a long cursor"] = ("/v1/clients?cursor=" + new string('A', 6_000), "400 invalid_cursor ?cursor"),
        ["a large limit"] = ("/v1/clients?limit=99999999999999999999999", "400 out_of_range ?limit"),
        ["many groups"] = ("/v1/usage?from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:00Z&groupBy=" + string.Join(',', Enumerable.Repeat("metrics", 800)), "400 too_many ?groupBy"),
        ["a long position"] = ("/v1/ledger/events/" + new string('9', 400), "404 not_found"),
        ["a long tile"] = ("/v1/ledger/tile/0/" + string.Concat(Enumerable.Repeat("x999/", 300)) + "000", "400 invalid_tile ?path"),
    };

    public static TheoryData<string> BodyNames => [.. Bodies.Keys];

    public static TheoryData<string> AddressNames => [.. Addresses.Keys];

    [Theory]
    [MemberData(nameof(BodyNames))]
    public async Task A_hostile_body_is_refused_at_once(string name)
    {
        await EnterAsync();
        var (body, told) = Bodies[name];
        foreach (var (form, expected) in HostileForm.All.Zip(told))
            await RefusedAsync($"{name} as {form.MediaType}", expected, () => caller.PostAsync(form.Path, body(form), form.MediaType));

        await StillServedAsync();
    }

    [Theory]
    [MemberData(nameof(AddressNames))]
    public async Task A_hostile_address_is_refused_at_once(string name)
    {
        await EnterAsync();
        var (path, told) = Addresses[name];
        await RefusedAsync(name, told, () => caller.GetAsync(path));
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
        await RefusedAsync("headers", "431", () => caller.SendAsync(HttpMethod.Get, "/v1/clients", null, ("X-Long", new string('a', 64 * 1024))));
        await RefusedAsync("idempotency key", "400 invalid_idempotency_key", () => caller.PostAsync("/v1/usage", HostileForm.All[0].Record, Caller.Json, ("Idempotency-Key", new string('k', 5_000))));
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

    private static async Task RefusedAsync(string what, string told, Func<Task<Reply>> ask)
    {
        var asked = Stopwatch.GetTimestamp();
        var reply = await ask();
        Told(reply).ShouldBe(told, $"{what}: {reply.Text[..Math.Min(400, reply.Text.Length)]}");
        reply.Text.Length.ShouldBeLessThan(2_000_000, what);
        reply.Headers.Contains("X-Forged").ShouldBeFalse(what);
        Stopwatch.GetElapsedTime(asked).ShouldBeLessThan(AnsweredWithin, what);
    }

    /// <summary>Status and code, and the first place at which something is wrong.</summary>
    private static string Told(Reply reply)
    {
        var isJson = reply.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) is true;
        var errors = !isJson ? [] : reply.Json["items"] is null ? reply.Errors : reply.ItemErrors;
        return $"{reply.Status} {(isJson ? reply.Code : null)} {(errors is [var first, ..] ? first.Split(' ')[0] : null)}".TrimEnd();
    }

    private async Task StillServedAsync()
    {
        foreach (var form in HostileForm.All)
            (await caller.PostAsync(form.Path, form.Body(form.Record), form.MediaType)).Status.ShouldBe(200, form.MediaType);
    }

    private async Task EnterAsync() => caller = await ledger.CallerAsync("acme", "admin");
}
