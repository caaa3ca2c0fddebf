using System.Diagnostics;
using UsageLedger.Recording;

namespace UsageLedger.Specs.Recording;

public sealed class UsageBodyReaderSpecs
{
    [Theory]
    [InlineData("", "empty_body")]
    [InlineData(" ", "invalid_json")]
    [InlineData("{", "invalid_json")]
    [InlineData("[{},]", "invalid_json")]
    [InlineData("[] []", "invalid_json")]
    [InlineData("{} x", "invalid_json")]
    [InlineData("{\"quantity\":01}", "invalid_json")]
    [InlineData("{\"quantity\":NaN}", "invalid_json")]
    [InlineData("{'quantity':1}", "invalid_json")]
    [InlineData("// no\n[]", "invalid_json")]
    [InlineData("7", "not_an_object")]
    [InlineData("null", "not_an_object")]
    [InlineData("\"{}\"", "not_an_object")]
    public void A_body_that_is_no_records_is_refused_whole(string body, string code)
    {
        var read = Bodies.Json(body);

        read.Items.ShouldBeEmpty();
        read.Refusal.ShouldNotBeNull().Code.ShouldBe(code);
        read.Refusal.Problems.Select(Bodies.Told).ShouldBe([$" {code}"]);
    }

    [Fact]
    public void Malformed_JSON_is_located() =>
        Bodies.Json("[{},\n {]").Refusal!.Message.ShouldContain("line 2, byte 3");

    [Fact]
    public void A_body_that_is_not_UTF_8_is_refused_and_located()
    {
        byte[] body = [.. "[\"ä"u8, 0xC3, 0x28, .. "\"]"u8];

        UsageBodyReader.ReadJson(body, Bodies.Now).Refusal!.Code.ShouldBe("invalid_utf8");
        UsageBodyReader.ReadJson(body, Bodies.Now).Refusal!.Message.ShouldContain("byte 5.");
        UsageBodyReader.ReadLines(body, Bodies.Now).Refusal!.Code.ShouldBe("invalid_utf8");
    }

    [Fact]
    public void A_byte_order_mark_is_no_content() => Bodies.Taken('\uFEFF' + Bodies.Call);

    [Theory]
    [InlineData("""{"metric":"a","metric":"a"}""", "/metric")]
    [InlineData("""[{},{"x":1,"x":2}]""", "/1/x")]
    [InlineData("""[{"attributes":{"n":"a","n":"b"}}]""", "/0/attributes/n")]
    [InlineData("""{"m\u0065tric":"a","metric":"a"}""", "/metric")]
    [InlineData("""{"x":[{"y":{"z":1,"z":1}}]}""", "/x/z")]
    [InlineData("""{"quantity":{"z":1,"z":1}}""", "/quantity/z")]
    [InlineData("""[[{"z":1,"z":1}]]""", "/0/z")]
    public void A_name_that_stands_twice_makes_the_body_ambiguous(string body, string place) =>
        Bodies.Json(body).Refusal!.Problems.Select(Bodies.Told).ShouldBe([$"{place} duplicate_name"]);

    [Fact]
    public void An_empty_array_holds_nothing()
    {
        Bodies.Json("[]").Items.ShouldBeEmpty();
        Bodies.Json("[]").Refusal.ShouldBeNull();
    }

    [Fact]
    public void One_bad_record_does_not_spoil_its_batch()
    {
        var read = Bodies.Json($"[{Bodies.Call},{Bodies.With("quantity", "-1")},1,null,[],{Bodies.Call}]");

        read.Refusal.ShouldBeNull();
        read.Items.Select(item => item.Record is not null).ShouldBe([true, false, false, false, false, true]);
        read.Items.SelectMany(item => item.Problems).Select(Bodies.Told)
            .ShouldBe(["/1/quantity negative_quantity", "/2 not_an_object", "/3 not_an_object", "/4 not_an_object"]);
    }

    [Fact]
    public void A_refused_record_leaves_nothing_behind_in_the_next()
    {
        var other = """{"idempotencyKey":"o","provider":"p","metric":"m","quantity":1,"unit":"u","occurredAt":"2026-11-19T10:00:00Z"}""";
        var full = """
            {"idempotencyKey":"f","provider":"p","metric":"m","quantity":-1,"unit":"u","occurredAt":"2026-11-19T10:00:00Z","clientId":"c",
             "cost":1,"attributes":{"a":"b"},"revision":true,"agentId":"a"}
            """;

        var items = Bodies.Json($"[{full},{other}]").Items;

        items[1].ShouldBe(Bodies.Json(other).Items[0]);
        items[1].Revision.ShouldBeFalse();
    }

    [Fact]
    public void A_request_holds_at_most_10_000_records()
    {
        var most = string.Join(',', Enumerable.Repeat("{}", 10_000));

        Bodies.Json($"[{most}]").Items.Count.ShouldBe(10_000);
        Bodies.Json($"[{most},{{}}]").Refusal!.IsTooLarge.ShouldBeTrue();
        Bodies.Lines(most.Replace(',', '\n')).Items.Count.ShouldBe(10_000);
        Bodies.Lines(most.Replace(',', '\n') + "\n{}").Refusal!.Code.ShouldBe("too_many_records");
    }

    [Fact]
    public void A_body_full_of_problems_is_told_in_bounded_length()
    {
        var hopeless = "{" + string.Join(',', Enumerable.Range(0, 20).Select(n => $"\"{n}\":0")) + "}";

        var read = Bodies.Json($"[{string.Join(',', Enumerable.Repeat(hopeless, 10_000))}]");

        read.Items.Count.ShouldBe(10_000);
        read.Items[0].Problems.Count.ShouldBe(20);
        read.Items[^1].Problems.Count.ShouldBe(1);
        read.Items.Sum(item => item.Problems.Count).ShouldBeLessThan(20_000);
    }

    [Fact]
    public void Lines_count_without_the_blank_ones()
    {
        var read = Bodies.Lines($"\n{Bodies.Call}\r\n \t\r\n{{\"quantity\":\n{Bodies.Call} {{}}\n[]\n{Bodies.Call}");

        read.Refusal.ShouldBeNull();
        read.Items.Select(item => item.Record is not null).ShouldBe([true, false, false, false, true]);
        read.Items.SelectMany(item => item.Problems).Select(Bodies.Told).ShouldBe(["/1 invalid_json", "/2 invalid_json", "/3 not_an_object"]);
    }

    [Fact]
    public void A_line_that_holds_a_name_twice_is_refused_by_itself() =>
        Bodies.Lines($"{Bodies.Call}\n{{\"unit\":\"a\",\"unit\":\"b\"}}").Items[1].Problems.Select(Bodies.Told)
            .ShouldBe(["/1/unit duplicate_name"]);

    [Fact]
    public void Lines_without_a_record_record_nothing()
    {
        Bodies.Lines("").Refusal!.Code.ShouldBe("empty_body");
        Bodies.Lines("\r\n\n").ShouldBeEquivalentTo(new UsageBody(new List<ParsedUsage>()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void A_hostile_body_is_cheap_to_refuse(int kind)
    {
        const int Length = 4 * 1024 * 1024;
        var body = kind switch
        {
            0 => new string('[', Length),
            1 => "[{\"quantity\":" + new string('9', Length) + "}]",
            2 => "[{\"attributes\":{" + string.Join(',', Enumerable.Range(0, Length / 20).Select(n => $"\"{n}\":\"\\ud800\"")) + "}}]",
            3 => "[{\"x\":" + new string('[', 60) + new string(']', 60) + ",\"idempotencyKey\":\"" + new string('k', Length) + "\"}]",
            4 => "{" + string.Join(',', Enumerable.Range(0, Length / 16).Select(n => $"\"x{n}\":0")) + "}",
            _ => string.Join('\n', Enumerable.Repeat("{\"a", 10_000))
        };
        var clock = Stopwatch.StartNew();

        var read = kind == 5 ? Bodies.Lines(body) : Bodies.Json(body);

        (read.Refusal is not null || read.Items.All(item => item.Record is null)).ShouldBeTrue();
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }
}
