using System.Text.Json;
using System.Text.Json.Nodes;
using UsageLedger.IntegrationSpecs.Running;
using UsageLedger.Specs.Recording;

namespace UsageLedger.IntegrationSpecs.Recording;

/// <summary>Usage as CloudEvents 1.0, over HTTP.</summary>
[Collection(RecordingOverHttp.Name)]
public sealed class CloudEventsOverHttpSpecs(RecordingServer server)
{
    private const string Call = """
        {
          "specversion": "1.0", "id": "call-1", "source": "https://calls.example/eu", "type": "call.seconds", "subject": "contoso",
          "time": "2024-10-01T10:00:00Z", "region": "eu",
          "data": {"quantity": 61.5, "unit": "second", "unitCost": "0.002", "provider": "retell", "agentId": "agent-7", "voice": "amber", "hops": [1, 2]}
        }
        """;

    [Fact]
    public async Task An_event_is_a_usage_record()
    {
        var acme = await server.TenantAsync();

        var first = await EventAsync(acme, Call);

        first.Told.ShouldBe("200 1 accepted");
        (await EventAsync(acme, Call)).EventId().ShouldBe(first.EventId());
        var data = JsonNode.Parse((await server.DataAsync(acme)).Single())!;
        var expected = JsonNode.Parse("""
            {
              "source": "https://calls.example/eu", "idempotencyKey": "call-1", "provider": "retell", "metric": "call.seconds", "quantity": "61.5",
              "unit": "second", "unitCost": "0.002", "cost": "0.123", "currency": "USD", "clientId": "contoso", "agentId": "agent-7",
              "occurredAt": "2024-10-01T10:00:00Z", "attributes": {"region": "eu", "voice": "amber", "hops": "[1,2]"}
            }
            """);
        JsonNode.DeepEquals(data, expected).ShouldBeTrue(data.ToJsonString());
        (await server.EventsAsync(acme)).ShouldBe(["usage_recorded client-contoso"]);
    }

    [Fact]
    public async Task An_event_shares_its_key_with_the_same_record_sent_as_such()
    {
        var acme = await server.TenantAsync();
        await EventAsync(acme, Call);

        var record = Usage.Record("call-1", ("source", "https://calls.example/eu"), ("quantity", "7"));

        (await acme.UsageAsync(record)).Told.ShouldBe("409 1 conflicts");
    }

    [Fact]
    public async Task A_batch_is_recorded_item_by_item()
    {
        var acme = await server.TenantAsync();
        var bad = Call.Replace("call-1", "call-2", StringComparison.Ordinal).Replace("61.5", "\"many\"", StringComparison.Ordinal);

        var reply = await BatchAsync(acme, $"[{Call},{bad},{Call}]");

        reply.Told.ShouldBe("200 1 accepted 1 duplicates 1 rejected");
        reply.ItemErrors.ShouldBe(["/1/data/quantity not_a_number"]);
        (await BatchAsync(acme, "[]")).Told.ShouldBe("200");
    }

    [Fact]
    public async Task An_event_of_little_content_counts_one_and_is_a_duplicate_at_any_later_time()
    {
        var acme = await server.TenantAsync();
        const string minimal = """{"specversion":"1.0","id":"1","source":"urn:a","type":"ping"}""";

        (await EventAsync(acme, minimal)).Told.ShouldBe("200 1 accepted");

        (await EventAsync(acme, minimal)).Told.ShouldBe("200 1 duplicates");
        var data = JsonNode.Parse((await server.DataAsync(acme)).Single())!;
        $"{data["provider"]} {data["metric"]} {data["quantity"]} {data["unit"]}".ShouldBe("cloudevents ping 1 event");
        (await server.EventsAsync(acme)).Single().ShouldStartWith("usage_recorded unattributed-");
    }

    [Fact]
    public async Task A_revision_is_wished_in_the_data()
    {
        var acme = await server.TenantAsync();
        await EventAsync(acme, Call);

        (await EventAsync(acme, Call.Replace("61.5", "62", StringComparison.Ordinal))).Told.ShouldBe("409 1 conflicts");
        (await EventAsync(acme, Call.Replace("61.5", "62, \"revision\": true", StringComparison.Ordinal))).Told.ShouldBe("200 1 revised");
    }

    [Fact]
    public async Task One_bad_envelope_refuses_the_whole_batch()
    {
        var acme = await server.TenantAsync();

        var reply = await BatchAsync(acme, $$"""[{{Call}},{"specversion":"0.3","id":"","source":"urn:a","type":"ping"}]""");

        (reply.Status, reply.Code).ShouldBe((400, "invalid_envelope"));
        reply.Errors.ShouldBe(["/1/specversion invalid_envelope", "/1/id invalid_envelope"]);
        (await server.EventsAsync(acme)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Binary_data_is_understood_and_refused()
    {
        var reply = await EventAsync(
            await server.TenantAsync(), """{"specversion":"1.0","id":"1","source":"urn:a","type":"ping","data_base64":"AAE="}""");

        reply.Told.ShouldBe("422 1 rejected");
        reply.Errors.ShouldBe(["/data_base64 binary_data"]);
    }

    [Theory]
    [InlineData("application/cloudevents+json; charset=utf-8", 200)]
    [InlineData("application/json", 415)]
    [InlineData("application/cloudevents+avro", 415)]
    public async Task Only_the_structured_mode_in_JSON_is_read(string mediaType, int status) =>
        (await (await server.TenantAsync()).PostAsync("/v1/events", Call, mediaType, ("ce-specversion", "1.0"))).Status.ShouldBe(status);

    [SharedDataFact("cloudevents")]
    public async Task Every_conformance_case_is_judged_right()
    {
        var acme = await server.TenantAsync();
        var judged = new List<string>();
        foreach (var (file, valid) in new[] { ("valid-events", true), ("invalid-events", false), ("valid-batches", true), ("invalid-batches", false) })
        {
            using var cases = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(SharedData.Find("cloudevents")!, file + ".json")));
            foreach (var one in cases.RootElement.GetProperty("tests").EnumerateArray())
            {
                var reply = one.TryGetProperty("event", out var single)
                    ? await EventAsync(acme, single.GetRawText())
                    : await BatchAsync(acme, one.GetProperty("batch").GetRawText());
                judged.Add($"{one.GetProperty("id")}: {reply.Status}");
                reply.Status.ShouldBe(valid ? 200 : 400, $"{one.GetProperty("id")}: {reply.Text}");
            }
        }

        judged.Count.ShouldBeGreaterThanOrEqualTo(20, string.Join('\n', judged));
    }

    private static Task<Reply> EventAsync(Caller caller, string body) => caller.PostAsync("/v1/events", body, Caller.CloudEvent);

    private static Task<Reply> BatchAsync(Caller caller, string body) => caller.PostAsync("/v1/events", body, Caller.CloudEventBatch);
}
