using System.Text.Json.Nodes;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Recording;

/// <summary>What a record may hold: each rule by the pointer that it names, over HTTP.</summary>
[Collection(RecordingOverHttp.Name)]
public sealed class ValidationSpecs(RecordingServer server)
{
    /// <summary>Records that break one rule each, and what is said of it.</summary>
    private static readonly (string Name, string Json, string Error)[] Broken =
    [
        ("idempotencyKey", Text(256), "/idempotencyKey too_long"),
        ("idempotencyKey", "\"\"", "/idempotencyKey empty"),
        ("provider", "null", "/provider missing_member"),
        ("metric", "\"\"", "/metric empty"),
        ("unit", "\"a\\u0000b\"", "/unit control_character"),
        ("unit", "7", "/unit wrong_type"),
        ("quantity", "\"-0.0001\"", "/quantity negative_quantity"),
        ("quantity", "1e400", "/quantity quantity_out_of_range"),
        ("quantity", "\"12345678901234567890123456789\"", "/quantity quantity_out_of_range"),
        ("quantity", "1e-29", "/quantity quantity_out_of_range"),
        ("quantity", "\"sixty\"", "/quantity not_a_number"),
        ("quantity", "true", "/quantity wrong_type"),
        ("unitCost", "\"0.1234567890123456789012345678\"", "/unitCost cost_out_of_range"),
        ("cost", "\"NaN\"", "/cost not_a_number"),
        ("currency", "\"usd\"", "/currency unknown_currency"),
        ("currency", "\"XYZ\"", "/currency unknown_currency"),
        ("occurredAt", "\"2024-10-01T10:00:00\"", "/occurredAt missing_offset"),
        ("occurredAt", "\"yesterday\"", "/occurredAt not_an_instant"),
        ("occurredAt", "\"2024-02-30T10:00:00Z\"", "/occurredAt not_an_instant"),
        ("occurredAt", "\"1999-12-31T23:59:59Z\"", "/occurredAt too_early"),
        ("occurredAt", "\"9999-12-31T23:59:59Z\"", "/occurredAt too_late"),
        ("clientId", "\"con/toso\"", "/clientId invalid_character"),
        ("clientId", Text(101), "/clientId too_long"),
        ("source", "\"\"", "/source empty"),
        ("attributes", "[]", "/attributes wrong_type"),
        ("attributes", "{\"a\":7}", "/attributes/a wrong_type"),
        ("attributes", "{\"a\":{}}", "/attributes/a wrong_type"),
        ("attributes", $"{{\"a\":{Text(1_001)}}}", "/attributes/a too_long"),
        ("attributes", Attributes(51), "/attributes too_many_attributes"),
        ("revision", "\"yes\"", "/revision wrong_type"),
        ("Quantity", "1", "/Quantity unknown_member"),
        ("discount", "1", "/discount unknown_member"),
    ];

    /// <summary>Records at the very edge of a rule.</summary>
    private static readonly (string Name, string Json)[] Whole =
    [
        ("idempotencyKey", Text(255)),
        ("quantity", "0"),
        ("quantity", "\"1234567890123456789012345678\""),
        ("quantity", "1e-25"),
        ("unitCost", "\"-0.5\""),
        ("unitCost", "0.00012000000000000002"),
        ("unitCost", "1e-06"),
        ("currency", "\"DEM\""),
        ("occurredAt", "\"2000-01-01T01:00:00+01:00\""),
        ("clientId", Text(100)),
        ("clientId", "null"),
        ("attributes", Attributes(50)),
        ("attributes", $"{{\"a\":{Text(1_000)},\"\u00e4 \":\"\"}}"),
    ];

    [Fact]
    public async Task Each_broken_rule_is_told_with_its_place_and_spoils_no_other_record()
    {
        var acme = await server.TenantAsync();
        var records = Broken.SelectMany((broken, index) => new[] { Record(index, broken.Name, broken.Json), Usage.Record($"good-{index}") });

        var reply = await acme.UsageAsync(Usage.Array(records));

        reply.Told.ShouldBe($"200 {Broken.Length} accepted {Broken.Length} rejected");
        reply.ItemErrors.ShouldBe(Broken.Select((broken, index) => $"/{2 * index}{broken.Error}"));
        (await server.EventsAsync(acme)).Count.ShouldBe(Broken.Length);
    }

    [Fact]
    public async Task What_keeps_the_rules_by_a_hair_is_recorded()
    {
        var acme = await server.TenantAsync();

        var reply = await acme.UsageAsync(Usage.Array(Whole.Select((whole, index) => Record(index, whole.Name, whole.Json))));

        reply.ItemErrors.ShouldBeEmpty();
        reply.Told.ShouldBe($"200 {Whole.Length} accepted");
    }

    [Fact]
    public async Task All_that_is_wrong_with_a_record_is_told_at_once()
    {
        var reply = await (await server.TenantAsync()).UsageAsync("""{"quantity":-1,"currency":"usd","colour":"red"}""");

        (reply.Status, reply.Code).ShouldBe((422, "negative_quantity"));
        reply.Errors.ShouldBe(
        [
            "/quantity negative_quantity", "/currency unknown_currency", "/colour unknown_member", "/idempotencyKey missing_member",
            "/provider missing_member", "/metric missing_member", "/unit missing_member", "/occurredAt missing_member",
        ], ignoreOrder: true);
        reply.ItemErrors.ShouldBe(reply.Errors);
    }

    [Fact]
    public async Task Amounts_are_kept_to_the_last_digit()
    {
        var acme = await server.TenantAsync();

        (await acme.UsageAsync("[" + string.Join(',',
            Record(1, "unitCost", "0.00012000000000000002"), Record(2, "unitCost", "1e-06"), Record(3, "cost", "\"12345678901234567890.12345678\""),
            Record(4, "quantity", "\"1.2300E1\"")) + "]")).Told.ShouldBe("200 4 accepted");

        (await server.DataAsync(acme)).Select(data => JsonNode.Parse(data)!).Select(data => $"{data["quantity"]} x {data["unitCost"]} = {data["cost"]}").ShouldBe(
        [
            "61.5 x 0.00012000000000000002 = 0.00738000000000000123", "61.5 x 0.000001 = 0.0000615",
            "61.5 x 0.002 = 12345678901234567890.12345678", "12.3 x 0.002 = 0.0246",
        ]);
    }

    [Fact]
    public async Task Time_is_kept_in_UTC_to_the_microsecond_and_never_rounded_up()
    {
        var acme = await server.TenantAsync();

        await acme.UsageAsync(Usage.Record("last", ("occurredAt", "2024-09-30T23:59:59.9999999-02:00")));

        ((string)JsonNode.Parse((await server.DataAsync(acme)).Single())!["occurredAt"]!).ShouldBe("2024-10-01T01:59:59.999999Z");
    }

    private static string Record(int index, string name, string json) => $"{Usage.Record($"{index}", (name, null))[..^1]},\"{name}\":{json}}}";

    private static string Text(int length) => $"\"{new string('k', length)}\"";

    private static string Attributes(int count) => $"{{{string.Join(',', Enumerable.Range(0, count).Select(index => $"\"a{index}\":\"\""))}}}";
}
