using System.Net.Http.Headers;
using System.Text;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Recording;

/// <summary>What may be sent to POST /v1/usage, and how much of it.</summary>
[Collection(RecordingOverHttp.Name)]
public sealed class BodySpecs(RecordingServer server)
{
    private const int BytesMax = 16 * 1024 * 1024;

    [Fact]
    public async Task One_record_an_array_or_lines_are_recorded()
    {
        var acme = await server.TenantAsync();

        (await acme.UsageAsync(Usage.Record("one"))).Told.ShouldBe("200 1 accepted");
        (await acme.UsageAsync(Usage.Array(Usage.Record("two"), Usage.Record("three")))).Told.ShouldBe("200 2 accepted");
        (await acme.UsageAsync($"{Usage.Record("four")}\n{Usage.Record("five")}", Caller.Lines)).Told.ShouldBe("200 2 accepted");

        (await server.EventsAsync(acme)).ShouldBe(Enumerable.Repeat("usage_recorded client-contoso", 5));
    }

    [Fact]
    public async Task Lines_may_end_as_Windows_ends_them_and_blank_ones_do_not_count()
    {
        var acme = await server.TenantAsync();

        var reply = await acme.UsageAsync($"\r\n{Usage.Record("one")}\r\n  \r\n\n{Usage.Record("two")}\r\n\r\n", Caller.Lines);

        reply.Told.ShouldBe("200 2 accepted");
        reply.ItemsTold.ShouldBe(["0 accepted", "1 accepted"]);
    }

    [Fact]
    public async Task A_malformed_line_is_refused_alone()
    {
        var acme = await server.TenantAsync();

        var reply = await acme.UsageAsync(
            $"{Usage.Record("one")}\n\n{{\"idempotencyKey\":\n{Usage.Record("two")}\n[]\n{Usage.Record("three")} {{}}\n{Usage.Record("four")}", Caller.Lines);

        reply.Told.ShouldBe("200 3 accepted 3 rejected");
        reply.ItemsTold.ShouldBe(["0 accepted", "1 rejected invalid_json", "2 accepted", "3 rejected not_an_object", "4 rejected invalid_json", "5 accepted"]);
        reply.ItemErrors.ShouldBe(["/1 invalid_json", "/3 not_an_object", "/4 invalid_json"]);
    }

    [Theory]
    [InlineData("[]", Caller.Json)]
    [InlineData(" [ ] ", Caller.Json)]
    [InlineData("\n\r\n", Caller.Lines)]
    public async Task Nothing_to_record_is_recorded_well(string body, string mediaType)
    {
        var reply = await (await server.TenantAsync()).UsageAsync(body, mediaType);

        reply.Told.ShouldBe("200");
        reply.Position.ShouldBe(0);
        reply.Items.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", "empty_body")]
    [InlineData("  ", "invalid_json")]
    [InlineData("{", "invalid_json")]
    [InlineData("[{},]", "invalid_json")]
    [InlineData("[] []", "invalid_json")]
    [InlineData("7", "not_an_object")]
    [InlineData("null", "not_an_object")]
    [InlineData("""{"unit":"a","unit":"b"}""", "duplicate_name")]
    [InlineData("""[{"attributes":{"a":"1","a":"2"}}]""", "duplicate_name")]
    public async Task A_body_that_cannot_be_understood_is_400_and_nothing_is_recorded(string body, string code)
    {
        var reply = await (await server.TenantAsync()).UsageAsync(body);

        reply.Status.ShouldBe(400);
        reply.ContentType!.MediaType.ShouldBe("application/problem+json");
        reply.Code.ShouldBe(code);
        reply.Json["errors"]!.AsArray().ShouldNotBeEmpty();
        ((string)reply.Json["traceId"]!).ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(Caller.Json)]
    [InlineData(Caller.Lines)]
    public async Task A_body_that_is_not_UTF_8_is_400(string mediaType)
    {
        var acme = await server.TenantAsync();

        var reply = await acme.PostAsync("/v1/usage", [.. Encoding.UTF8.GetBytes(Usage.Record("one")), (byte)'\n', 0xFF], mediaType);

        (reply.Status, reply.Code).ShouldBe((400, "invalid_utf8"));
        (await server.EventsAsync(acme)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("application/json; charset=utf-8", 200)]
    [InlineData("application/json; charset=\"UTF-8\"", 200)]
    [InlineData("Application/JSON", 200)]
    [InlineData("application/x-ndjson;charset=utf-8", 200)]
    [InlineData("application/json; charset=utf-16", 415)]
    [InlineData("text/plain", 415)]
    [InlineData("application/xml", 415)]
    [InlineData("application/cloudevents+json", 415)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    [InlineData("nonsense", 415)]
    public async Task The_media_type_decides_whether_the_body_is_read(string mediaType, int status)
    {
        var reply = await (await server.TenantAsync()).UsageAsync(Usage.Record("one"), mediaType);

        reply.Status.ShouldBe(status);
        reply.ContentType!.MediaType.ShouldBe(status == 200 ? "application/json" : "application/problem+json");
    }

    [Theory]
    [InlineData(Caller.Json)]
    [InlineData(Caller.Lines)]
    public async Task Ten_thousand_records_are_the_most(string mediaType)
    {
        var acme = await server.TenantAsync();
        var records = Enumerable.Range(0, 10_001).Select(index => Usage.Record($"{index}")).ToArray();
        string Body(int count) => mediaType == Caller.Json ? Usage.Array(records.Take(count)) : string.Join('\n', records.Take(count));

        var refused = await acme.UsageAsync(Body(10_001), mediaType);
        (refused.Status, refused.Code).ShouldBe((413, "too_many_records"));
        (await server.EventsAsync(acme)).ShouldBeEmpty();

        (await acme.UsageAsync(Body(10_000), mediaType)).Told.ShouldBe("200 10000 accepted");
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Sixteen_mebibytes_are_the_most_and_a_sender_of_more_gets_to_read_so(bool chunked, bool withIdempotencyKey)
    {
        var acme = await server.TenantAsync();

        var refused = await SendAsync(acme, BytesMax + 1, chunked, withIdempotencyKey);
        (refused.Status, refused.Code).ShouldBe((413, "too_large"));
        (await server.EventsAsync(acme)).ShouldBeEmpty();

        (await SendAsync(acme, BytesMax, chunked, withIdempotencyKey)).Told.ShouldBe("200 1 accepted");
    }

    private static Task<Reply> SendAsync(Caller caller, int bytes, bool chunked, bool withIdempotencyKey)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Usage.Record("one").PadRight(bytes)));
        content.Headers.ContentType = new MediaTypeHeaderValue(Caller.Json);
        var headers = new List<(string, string)>();
        if (chunked)
            headers.Add(("Transfer-Encoding", "chunked"));
        if (withIdempotencyKey)
            headers.Add(("Idempotency-Key", $"{bytes}"));
        return caller.SendAsync(HttpMethod.Post, "/v1/usage", content, [.. headers]);
    }
}
