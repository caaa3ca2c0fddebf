using NodaTime;
using UsageLedger.Recording;

namespace UsageLedger.Specs.Recording;

public sealed class UsageRecordReaderSpecs
{
    [Fact]
    public void A_record_with_the_required_members_gets_its_defaults()
    {
        var record = Bodies.Taken(Bodies.Call);

        record.Source.ShouldBe("api");
        record.Currency.ShouldBe("USD");
        record.Cost.ShouldBeNull();
        record.UnitCost.ShouldBeNull();
        record.ClientId.ShouldBeNull();
        record.OccurredAt.ShouldBe(Instant.FromUtc(2026, 11, 19, 10, 0, 0));
        record.Attributes.ShouldBeEmpty();
        record.Stream.ShouldBe("unattributed-api");
    }

    [Fact]
    public void A_full_record_keeps_every_member()
    {
        var record = Bodies.Taken("""
            {"source":"azure","idempotencyKey":"k","provider":"llm","metric":"llm.tokens.input","quantity":374,"unit":"token","unitCost":1.5e-07,
             "cost":"0.0000562","currency":"EUR","clientId":"contoso","agentId":"agent 7","resourceId":"call/9","occurredAt":"2026-11-19T12:00:00+02:00",
             "attributes":{"region":"eu","Model":"x","empty":""},"revision":true}
            """);

        UsageRecordJson.Write(record).ToString().ShouldBe(
            """{"agentId":"agent 7","attributes":{"Model":"x","empty":"","region":"eu"},"clientId":"contoso","cost":"0.0000562","currency":"EUR","idempotencyKey":"k","metric":"llm.tokens.input","occurredAt":"2026-11-19T10:00:00Z","provider":"llm","quantity":"374","resourceId":"call/9","source":"azure","unit":"token","unitCost":"0.00000015"}""");
        record.Stream.ShouldBe("client-contoso");
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("null", false)]
    public void Revision_is_a_wish_of_the_sender_not_content(string json, bool wished)
    {
        var body = Bodies.Json(Bodies.With("revision", json));

        body.Items[0].Revision.ShouldBe(wished);
        body.Items[0].Record.ShouldBe(Bodies.Taken(Bodies.Call));
    }

    [Theory]
    [InlineData("idempotencyKey")]
    [InlineData("provider")]
    [InlineData("metric")]
    [InlineData("quantity")]
    [InlineData("unit")]
    [InlineData("occurredAt")]
    public void A_required_member_that_is_missing_or_null_is_named(string member)
    {
        Bodies.Problems(Bodies.With(member, null)).ShouldBe([$"/{member} missing_member"]);
        Bodies.Problems(Bodies.With(member, "null")).ShouldBe([$"/{member} missing_member"]);
    }

    [Theory]
    [InlineData("source")]
    [InlineData("clientId")]
    [InlineData("agentId")]
    [InlineData("resourceId")]
    [InlineData("unitCost")]
    [InlineData("cost")]
    [InlineData("currency")]
    [InlineData("attributes")]
    public void An_optional_member_that_is_null_is_absent(string member) =>
        Bodies.Taken(Bodies.With(member, "null")).ShouldBe(Bodies.Taken(Bodies.Call));

    [Theory]
    [InlineData("idempotencyKey")]
    [InlineData("source")]
    [InlineData("provider")]
    [InlineData("metric")]
    [InlineData("unit")]
    [InlineData("agentId")]
    [InlineData("resourceId")]
    public void A_text_holds_1_to_255_characters_without_control_characters(string member)
    {
        Bodies.Problems(Bodies.With(member, "\"\"")).ShouldBe([$"/{member} empty"]);
        Bodies.Problems(Bodies.With(member, $"\"{new string('a', 256)}\"")).ShouldBe([$"/{member} too_long"]);
        Bodies.Problems(Bodies.With(member, $"\"{new string('a', 100_000)}\"")).ShouldBe([$"/{member} too_long"]);
        Bodies.Problems(Bodies.With(member, "\"a\\u0000b\"")).ShouldBe([$"/{member} control_character"]);
        Bodies.Problems(Bodies.With(member, "\"a\\nb\"")).ShouldBe([$"/{member} control_character"]);
        Bodies.Problems(Bodies.With(member, "\"a\u007Fb\"")).ShouldBe([$"/{member} control_character"]);
        Bodies.Problems(Bodies.With(member, "\"a\u0085b\"")).ShouldBe([$"/{member} control_character"]);
        Bodies.Problems(Bodies.With(member, "\"\\ud83d\"")).ShouldBe([$"/{member} invalid_unicode"]);
        Bodies.Problems(Bodies.With(member, "\"\\ude00\\ud83d\"")).ShouldBe([$"/{member} invalid_unicode"]);
        Bodies.Problems(Bodies.With(member, "7")).ShouldBe([$"/{member} wrong_type"]);
        Bodies.Problems(Bodies.With(member, "[\"a\"]")).ShouldBe([$"/{member} wrong_type"]);

        Bodies.Taken(Bodies.With(member, $"\"{new string('a', 255)}\""));
        Bodies.Taken(Bodies.With(member, "\"" + string.Concat(Enumerable.Repeat("😀", 255)) + "\""));
        Bodies.Taken(Bodies.With(member, "\"\\ud83d\\ude00 / \\\\ \\u00e4\""));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("a/b", "invalid_character")]
    [InlineData("a b", "invalid_character")]
    [InlineData("ä", "invalid_character")]
    [InlineData("a\\u0000", "invalid_character")]
    public void A_client_id_holds_only_characters_that_are_safe_in_URLs(string clientId, string code) =>
        Bodies.Problems(Bodies.With("clientId", $"\"{clientId}\"")).ShouldBe([$"/clientId {code}"]);

    [Fact]
    public void A_client_id_holds_at_most_100_characters()
    {
        Bodies.Taken(Bodies.With("clientId", $"\"{new string('a', 94)}.A_9:-\"")).ClientId!.Length.ShouldBe(100);
        Bodies.Problems(Bodies.With("clientId", $"\"{new string('a', 101)}\"")).ShouldBe(["/clientId too_long"]);
    }

    [Theory]
    [InlineData("\"-0.1\"", "negative_quantity")]
    [InlineData("-1", "negative_quantity")]
    [InlineData("1e400", "quantity_out_of_range")]
    [InlineData("\"12345678901234567890123456789\"", "quantity_out_of_range")]
    [InlineData("1e-29", "quantity_out_of_range")]
    [InlineData("\"\"", "not_a_number")]
    [InlineData("\" 1\"", "not_a_number")]
    [InlineData("\"1.\"", "not_a_number")]
    [InlineData("\".5\"", "not_a_number")]
    [InlineData("\"+1\"", "not_a_number")]
    [InlineData("\"sixty\"", "not_a_number")]
    [InlineData("true", "wrong_type")]
    [InlineData("{}", "wrong_type")]
    public void A_quantity_that_cannot_be_kept_exactly_is_refused(string json, string code) =>
        Bodies.Problems(Bodies.With("quantity", json)).ShouldBe([$"/quantity {code}"]);

    [Theory]
    [InlineData("-0")]
    [InlineData("0")]
    [InlineData("\"0.000\"")]
    [InlineData("\"\\u0030\"")]
    public void Nothing_used_is_a_quantity_too(string json) => Bodies.Taken(Bodies.With("quantity", json)).Quantity.ShouldBe(0);

    [Fact]
    public void Costs_may_be_negative_since_there_are_credits()
    {
        Bodies.Taken(Bodies.With("cost", "\"-0.10\"")).Cost.ShouldBe(-0.1m);
        Bodies.Taken(Bodies.With("unitCost", "-1e-06")).Cost.ShouldBe(-0.000061m);
        Bodies.Problems(Bodies.With("cost", "1e400")).ShouldBe(["/cost cost_out_of_range"]);
        Bodies.Problems(Bodies.With("unitCost", "1e400")).ShouldBe(["/unitCost unit_cost_out_of_range"]);
    }

    [Fact]
    public void A_cost_that_is_absent_is_the_exact_product() =>
        Bodies.Taken(Bodies.With("unitCost", "0.00012000000000000002")).Cost.ShouldBe(0.00732000000000000122m);

    [Fact]
    public void A_cost_that_is_given_wins_over_the_product()
    {
        var record = Bodies.Taken(Bodies.With("unitCost", "2,\"cost\":5"));

        (record.UnitCost, record.Cost).ShouldBe((2m, 5m));
    }

    [Fact]
    public void A_product_that_cannot_be_kept_exactly_is_refused() =>
        Bodies.Problems(Bodies.With("unitCost", "0.1234567890123456789012345678")).ShouldBe(["/unitCost cost_out_of_range"]);

    [Theory]
    [InlineData("usd")]
    [InlineData("XYZ")]
    [InlineData("")]
    [InlineData("US dollars")]
    public void A_currency_is_a_code_of_ISO_4217_in_upper_case(string code) =>
        Bodies.Problems(Bodies.With("currency", $"\"{code}\"")).ShouldBe(["/currency unknown_currency"]);

    [Theory]
    [InlineData("\"2026-11-19T10:00:00\"", "missing_offset")]
    [InlineData("\"yesterday\"", "not_an_instant")]
    [InlineData("\"\"", "not_an_instant")]
    [InlineData("1763546400", "wrong_type")]
    [InlineData("\"1999-12-31T23:59:59.999999Z\"", "too_early")]
    [InlineData("\"2026-11-21T12:00:00.000001Z\"", "too_late")]
    [InlineData("\"9999-12-31T23:59:59Z\"", "too_late")]
    public void An_instant_that_cannot_be_right_is_refused(string json, string code) =>
        Bodies.Problems(Bodies.With("occurredAt", json)).ShouldBe([$"/occurredAt {code}"]);

    [Theory]
    [InlineData("2000-01-01T00:00:00Z")]
    [InlineData("2026-11-21T12:00:00Z")]
    [InlineData("2026-11-21T12:00:00.0000009Z")]
    public void Instants_at_the_bounds_are_taken(string text) => Bodies.Taken(Bodies.With("occurredAt", $"\"{text}\""));

    [Theory]
    [InlineData("[]", "/attributes wrong_type")]
    [InlineData("\"a\"", "/attributes wrong_type")]
    [InlineData("{\"a\":1}", "/attributes/a wrong_type")]
    [InlineData("{\"a\":null}", "/attributes/a wrong_type")]
    [InlineData("{\"a\":{\"b\":\"c\"}}", "/attributes/a wrong_type")]
    [InlineData("{\"\":\"x\"}", "/attributes/ empty")]
    [InlineData("{\"a/b~c\":\"\\u0007\"}", "/attributes/a~1b~0c control_character")]
    [InlineData("{\"a\\tb\":\"x\"}", "/attributes/a\tb control_character")]
    [InlineData("{\"a\":\"\\udc00\"}", "/attributes/a invalid_unicode")]
    [InlineData("{\"\\ud800\":\"a\"}", "/attributes/ invalid_unicode")]
    public void Attributes_are_flat_strings(string json, string problem) =>
        Bodies.Problems(Bodies.With("attributes", json)).ShouldBe([problem]);

    [Fact]
    public void Attributes_have_limits()
    {
        static string Many(int count) => "{" + string.Join(',', Enumerable.Range(0, count).Select(n => $"\"n{n}\":\"v\"")) + "}";

        Bodies.Taken(Bodies.With("attributes", Many(50))).Attributes.Count.ShouldBe(50);
        Bodies.Problems(Bodies.With("attributes", Many(51))).ShouldBe(["/attributes too_many_attributes"]);
        Bodies.Problems(Bodies.With("attributes", Many(5000))).ShouldBe(["/attributes too_many_attributes"]);
        Bodies.Taken(Bodies.With("attributes", $"{{\"{new string('n', 100)}\":\"{new string('v', 1000)}\"}}"));
        Bodies.Problems(Bodies.With("attributes", $"{{\"{new string('n', 101)}\":\"v\"}}"))
            .ShouldBe([$"/attributes/{new string('n', 100)} too_long"]);
        Bodies.Problems(Bodies.With("attributes", $"{{\"n\":\"{new string('v', 1001)}\"}}")).ShouldBe(["/attributes/n too_long"]);
    }

    [Fact]
    public void All_that_is_wrong_with_a_record_is_told_at_once() =>
        Bodies.Problems("""{"quantity":-1,"tenant":"acme","currency":"usd","occurredAt":"now","metric":7}""").ShouldBe(
        [
            "/quantity negative_quantity", "/tenant unknown_member", "/currency unknown_currency", "/occurredAt not_an_instant",
            "/metric wrong_type", "/idempotencyKey missing_member", "/provider missing_member", "/unit missing_member"
        ]);

    [Fact]
    public void No_more_than_20_problems_are_told() =>
        Bodies.Problems("{" + string.Join(',', Enumerable.Range(0, 1000).Select(n => $"\"x{n}\":0")) + "}").Length.ShouldBe(20);

    [Fact]
    public void Messages_never_repeat_the_value() =>
        Bodies.Json(Bodies.With("quantity", "\"+15551234567\"")).Items[0].Problems[0].Message.ShouldNotContain("1555");
}
