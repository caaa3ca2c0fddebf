using System.Text;
using System.Text.Json;
using UsageLedger.Recording;
using UsageLedger.Recording.CloudEvents;

namespace UsageLedger.Specs.Recording;

public sealed class CloudEventSpecs
{
    private const string Minimal = """{"specversion":"1.0","id":"e-1","source":"/calls","type":"call.minutes"}""";

    [Fact]
    public void A_bare_fullis_one_fullof_its_type_at_its_receipt()
    {
        var record = Taken(Minimal);

        UsageRecordJson.Write(record).ToString().ShouldBe(
            """{"currency":"USD","idempotencyKey":"e-1","metric":"call.minutes","occurredAt":"2026-11-20T12:00:00Z","occurredAtAssumed":"true","provider":"cloudevents","quantity":"1","source":"/calls","unit":"event"}""");
    }

    [Fact]
    public void A_full_fullis_a_full_record()
    {
        const string Full = """
            {"specversion":"1.0","id":"e-1","source":"/calls","type":"call.minutes","subject":"contoso","time":"2026-11-19T10:00:00+01:00",
             "datacontenttype":"application/json; charset=utf-8","dataschema":"https://example.com/schema","traceid":"t","sampled":true,"hops":3,"unset":null,
             "data":{"quantity":"2.50","unit":"minute","unitCost":0.1,"currency":"EUR","provider":"retell","agentId":"a","resourceId":"r","revision":true,
                     "region":"eu","seats":3.50,"beta":false,"none":null,"tags":[ 1, {"b":2, "a":"x"} ]}}
            """;

        var item = CloudEventBodyReader.ReadEvent(Encoding.UTF8.GetBytes(Full), Bodies.Now).Items[0];

        item.Revision.ShouldBeTrue();
        UsageRecordJson.Write(item.Record!).ToString().ShouldBe(
            """{"agentId":"a","attributes":{"beta":"false","hops":"3","none":"null","region":"eu","sampled":"true","seats":"3.50","tags":"[1,{\"a\":\"x\",\"b\":2}]","traceid":"t"},"clientId":"contoso","cost":"0.25","currency":"EUR","idempotencyKey":"e-1","metric":"call.minutes","occurredAt":"2026-11-19T09:00:00Z","provider":"retell","quantity":"2.5","resourceId":"r","source":"/calls","unit":"minute","unitCost":"0.1"}""");
    }

    [Theory]
    [InlineData("\"Simple \\u0074ext\\n\"", "\"Simple text\\n\"")]
    [InlineData("[1, 2]", "[1,2]")]
    [InlineData("true", "true")]
    [InlineData("12.50", "12.50")]
    public void Data_that_are_no_object_are_kept_as_compact_JSON(string json, string kept) =>
        Taken(With("data", json)).Attributes.ShouldBe([new NamedText("data", kept)]);

    [Fact]
    public void Data_that_are_null_are_absent() => Taken(With("data", "null")).ShouldBe(Taken(Minimal));

    [Theory]
    [InlineData("{\"quantity\":\"many\"}", "/data/quantity not_a_number")]
    [InlineData("{\"quantity\":-1}", "/data/quantity negative_quantity")]
    [InlineData("{\"unitCost\":[]}", "/data/unitCost wrong_type")]
    [InlineData("{\"currency\":\"usd\"}", "/data/currency unknown_currency")]
    [InlineData("{\"unit\":\"\"}", "/data/unit empty")]
    [InlineData("{\"revision\":\"yes\"}", "/data/revision wrong_type")]
    [InlineData("{\"note\":\"a\\nb\"}", "/data/note control_character")]
    [InlineData("{\"note\":\"\\ud800\"}", "/data/note invalid_unicode")]
    [InlineData("{\"note\":[\"\\ud800\"]}", "/data/note invalid_unicode")]
    [InlineData("{\"\\ud800\":1}", "/data invalid_unicode")]
    [InlineData("{\"a/b\":\"\\u0000\"}", "/data/a~1b control_character")]
    public void Data_that_cannot_be_used_refuse_the_item_not_the_body(string json, string problem) =>
        Problems(With("data", json)).ShouldBe([problem]);

    [Theory]
    [InlineData("subject", "\"a client\"", "/subject invalid_character")]
    [InlineData("time", "\"1999-01-01T00:00:00Z\"", "/time too_early")]
    [InlineData("time", "\"2027-01-01T00:00:00Z\"", "/time too_late")]
    [InlineData("data_base64", "\"TWE=\"", "/data_base64 binary_data")]
    public void Attributes_that_usage_cannot_hold_refuse_the_item_not_the_body(string name, string json, string problem) =>
        Problems(With(name, json)).ShouldBe([problem]);

    [Theory]
    [InlineData("id", "/id too_long")]
    [InlineData("source", "/source too_long")]
    [InlineData("type", "/type too_long")]
    [InlineData("ext", "/ext too_long")]
    public void A_key_beyond_255_characters_is_refused_as_usage(string name, string problem) =>
        Problems(With(name, $"\"{new string('x', 1001)}\"")).ShouldBe([problem]);

    [Fact]
    public void More_than_50_attributes_are_refused() =>
        Problems(With("data", "{" + string.Join(',', Enumerable.Range(0, 51).Select(n => $"\"n{n}\":{n}")) + "}"))
            .ShouldBe(["/data too_many_attributes"]);

    [Fact]
    public void An_extension_and_data_may_share_a_name_only_with_the_same_value()
    {
        Taken(With("region", "\"eu\",\"data\":{\"region\":\"eu\"}")).Attributes.ShouldBe([new NamedText("region", "eu")]);
        Problems(With("region", "\"eu\",\"data\":{\"region\":\"us\"}")).ShouldBe(["/data attribute_named_twice"]);
    }

    [Theory]
    [InlineData("specversion", "1.0")]
    [InlineData("specversion", "\"1.1\"")]
    [InlineData("id", "null")]
    [InlineData("id", "7")]
    [InlineData("id", "\"a\\u0000\"")]
    [InlineData("id", "\"\\ud800\"")]
    [InlineData("source", "\"two words\"")]
    [InlineData("source", "\"a%2\"")]
    [InlineData("source", "\"a#b#c\"")]
    [InlineData("type", "\"\"")]
    [InlineData("subject", "\"\"")]
    [InlineData("subject", "{}")]
    [InlineData("time", "\"\"")]
    [InlineData("time", "\"2026-11-19T10:00:00\"")]
    [InlineData("time", "1763546400")]
    [InlineData("datacontenttype", "\"json\"")]
    [InlineData("dataschema", "\"/relative\"")]
    [InlineData("dataschema", "\"\"")]
    [InlineData("data_base64", "\"?\"")]
    [InlineData("data_base64", "{}")]
    [InlineData("Extension", "\"upper\"")]
    [InlineData("ext_1", "\"underscore\"")]
    [InlineData("ext", "1.5")]
    [InlineData("ext", "3000000000")]
    [InlineData("ext", "{\"a\":1}")]
    [InlineData("ext", "[1]")]
    [InlineData("ext", "\"a\\u0001\"")]
    public void A_bad_envelope_refuses_the_body(string name, string json)
    {
        var read = CloudEventBodyReader.ReadEvent(Encoding.UTF8.GetBytes(With(name, json)), Bodies.Now);

        read.Items.ShouldBeEmpty();
        read.Refusal!.Code.ShouldBe("invalid_envelope");
        read.Refusal.Problems.Select(Bodies.Told).ShouldBe([$"/{name} invalid_envelope"]);
    }

    [Fact]
    public void All_that_is_wrong_with_the_envelopes_of_a_batch_is_told()
    {
        var read = Batch($"[{Minimal},{{\"id\":\"\"}},3]");

        read.Items.ShouldBeEmpty();
        read.Refusal!.Problems.Select(problem => problem.At).ShouldBe(["/1/id", "/1/specversion", "/1/source", "/1/type", "/2"]);
    }

    [Fact]
    public void Unusable_content_does_not_spoil_a_batch()
    {
        var read = Batch($"[{Minimal},{With("data", "{\"quantity\":[]}")},{Minimal}]");

        read.Refusal.ShouldBeNull();
        read.Items.Select(item => item.Record is not null).ShouldBe([true, false, true]);
        read.Items[1].Problems[0].At.ShouldBe("/1/data/quantity");
    }

    [Theory]
    [InlineData("", "empty_body")]
    [InlineData("{", "invalid_json")]
    [InlineData("7", "invalid_envelope")]
    [InlineData("[]", "invalid_envelope")]
    [InlineData("""{"id":null,"id":"a"}""", "duplicate_name")]
    [InlineData("""{"data":{"a":1,"a":2}}""", "duplicate_name")]
    [InlineData("""{"data":{"a":{"b":1,"b":2}}}""", "duplicate_name")]
    [InlineData("""{"data":[{"b":1,"b":2}]}""", "duplicate_name")]
    [InlineData("""{"ext":{"b":1,"b":2}}""", "duplicate_name")]
    public void A_body_that_is_no_fullis_refused(string body, string code) =>
        CloudEventBodyReader.ReadEvent(Encoding.UTF8.GetBytes(body), Bodies.Now).Refusal!.Code.ShouldBe(code);

    [Fact]
    public void A_batch_is_an_array_of_at_most_10_000()
    {
        Batch(Minimal).Refusal!.Code.ShouldBe("invalid_envelope");
        Batch("[" + string.Join(',', Enumerable.Repeat(Minimal, 10_000)) + "]").Items.Count.ShouldBe(10_000);
        Batch("[" + string.Join(',', Enumerable.Repeat(Minimal, 10_001)) + "]").Refusal!.IsTooLarge.ShouldBeTrue();
    }

    [SharedDataFact("cloudevents")]
    public void Every_conformance_case_is_judged_right()
    {
        var judged = 0;
        foreach (var (file, batch, valid) in new[]
        {
            ("valid-events", false, true), ("invalid-events", false, false), ("valid-batches", true, true), ("invalid-batches", true, false)
        })
        {
            using var cases = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(SharedData.Find("cloudevents")!, file + ".json")));
            foreach (var one in cases.RootElement.GetProperty("tests").EnumerateArray())
            {
                var body = Encoding.UTF8.GetBytes(one.GetProperty(batch ? "batch" : "event").GetRawText());
                var read = batch ? CloudEventBodyReader.ReadBatch(body, Bodies.Now) : CloudEventBodyReader.ReadEvent(body, Bodies.Now);
                (read.Refusal is null).ShouldBe(valid, one.GetProperty("id").GetString());
                read.Items.ShouldAllBe(item => item.Record != null);
                judged++;
            }
        }

        judged.ShouldBeGreaterThan(0);
    }

    private static string With(string name, string json)
    {
        using var minimal = JsonDocument.Parse(Minimal);
        var members = minimal.RootElement.EnumerateObject().Where(member => member.Name != name).Select(member => $"\"{member.Name}\":{member.Value.GetRawText()}");
        return "{" + string.Join(',', members.Append($"\"{name}\":{json}")) + "}";
    }

    private static UsageBody Batch(string body) => CloudEventBodyReader.ReadBatch(Encoding.UTF8.GetBytes(body), Bodies.Now);

    private static UsageRecord Taken(string body)
    {
        var read = CloudEventBodyReader.ReadEvent(Encoding.UTF8.GetBytes(body), Bodies.Now);
        read.Refusal.ShouldBeNull();
        read.Items[0].Problems.ShouldBeEmpty();
        return read.Items[0].Record!;
    }

    private static string[] Problems(string body)
    {
        var read = CloudEventBodyReader.ReadEvent(Encoding.UTF8.GetBytes(body), Bodies.Now);
        read.Refusal.ShouldBeNull();
        return [.. read.Items[0].Problems.Select(Bodies.Told)];
    }
}
