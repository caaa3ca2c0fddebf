using System.Buffers;
using System.Text;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Specs.Proof;

public sealed class CanonicalJsonReaderSpecs
{
    [Theory]
    [InlineData("""{"b": "2", "a": "1"}""", """{"a":"1","b":"2"}""")]
    [InlineData("""{ "bb" : { "z":null , "y":[ 3, {"b":true,"a":false} ] }, "a":"" }""", """{"a":"","bb":{"y":[3,{"a":false,"b":true}],"z":null}}""")]
    [InlineData("""{"abcdefghi":"1","abcdefgh":"2","abcdefghh":"3"}""", """{"abcdefgh":"2","abcdefghh":"3","abcdefghi":"1"}""")]
    [InlineData(" [ ] ", "[]")]
    [InlineData(" { } ", "{}")]
    [InlineData("\t\"plain\"\n", "\"plain\"")]
    public void Members_are_sorted_and_white_space_goes(string json, string canonical) => Canonical(json).ShouldBe(canonical);

    [Fact]
    public void The_sorting_example_of_RFC_8785_comes_out_in_UTF_16_order() =>
        Canonical("""
            {
              "\u20ac": "Euro Sign",
              "\r": "Carriage Return",
              "\ufb33": "Hebrew Letter Dalet With Dagesh",
              "1": "One",
              "\ud83d\ude00": "Emoji: Grinning Face",
              "\u0080": "Control",
              "\u00f6": "Latin Small Letter O With Diaeresis"
            }
            """).ShouldBe(
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"\u00f6\":\"Latin Small Letter O With Diaeresis\","
            + "\"\u20ac\":\"Euro Sign\",\"\U0001F600\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");

    [Fact]
    public void Surrogate_pairs_sort_before_the_end_of_the_basic_plane_even_after_a_long_common_start() =>
        Canonical("{\"a long start \uE000\":1,\"a long start \U0001F600\":2,\"\uFFFD\":3,\"\U0010FFFF\":4}")
            .ShouldBe("{\"a long start \U0001F600\":2,\"a long start \uE000\":1,\"\U0010FFFF\":4,\"\uFFFD\":3}");

    [Fact]
    public void The_escaping_example_of_RFC_8785_keeps_only_the_escapes_that_JSON_needs() =>
        Canonical("""{"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/"}""")
            .ShouldBe("""{"string":"€$\u000f\nA'B\"\\\\\"/"}""");

    [Fact]
    public void Every_control_has_its_one_escape() =>
        Canonical("""["\u0000\u0007\u0008\u0009\u000A\u000b\u000C\u000D\u001F\u007f\u2028"]""")
            .ShouldBe("[\"\\u0000\\u0007\\b\\t\\n\\u000b\\f\\r\\u001f\u007f\u2028\"]");

    [Theory]
    [InlineData("-0", "0")]
    [InlineData("0", "0")]
    [InlineData("-7", "-7")]
    [InlineData("9007199254740992", "9007199254740992")]
    [InlineData("1.50", "1.50")]
    public void Integers_are_canonical_and_other_numbers_keep_their_text(string json, string canonical) =>
        Canonical(json).ShouldBe(canonical);

    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"a":1,"b":0,"\u0061":2}""")]
    [InlineData("""{"a much longer name":1,"a much longer name":2}""")]
    [InlineData("""{"a":"\ud83d"}""")]
    [InlineData("""{"\ude00":1}""")]
    [InlineData("""{"a":1,}""")]
    [InlineData("""{"a":1} {}""")]
    [InlineData("""{"a":01}""")]
    [InlineData("""// no comments""")]
    [InlineData("")]
    public void What_has_no_canonical_form_is_refused(string json) => Should.Throw<CanonicalJsonException>(() => Canonical(json));

    [Fact]
    public void Broken_UTF_8_is_refused() =>
        Should.Throw<CanonicalJsonException>(() => CanonicalJsonReader.Canonicalise([(byte)'"', 0xC3, (byte)'"']));

    [Fact]
    public void Sixty_four_levels_are_read_and_one_more_is_refused()
    {
        Canonical(Nested(64)).ShouldBe(Nested(64));
        Should.Throw<CanonicalJsonException>(() => Canonical(Nested(65)));
    }

    [Fact]
    public void Objects_of_thousands_of_members_are_sorted_too()
    {
        var names = Enumerable.Range(0, 20_000).Select(i => $"\"n{i * 7919 % 20_000}\":\"{i}\"").ToArray();
        var sorted = names.OrderBy(n => n[1..n.IndexOf(':')].TrimEnd('"'), StringComparer.Ordinal);

        Canonical("{" + string.Join(", ", names) + "}").ShouldBe("{" + string.Join(",", sorted) + "}");
    }

    [Fact]
    public void Text_is_appended_to_a_buffer_writer_as_well()
    {
        var output = new ArrayBufferWriter<byte>();
        CanonicalJsonReader.Canonicalise("""{"b":1, "a":2}"""u8, output);
        CanonicalJsonReader.Canonicalise("[ ]"u8, output);

        Encoding.UTF8.GetString(output.WrittenSpan).ShouldBe("""{"a":2,"b":1}[]""");
    }

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    private static string Canonical(string json) => CanonicalJsonReader.Canonicalise(Encoding.UTF8.GetBytes(json)).ToString();
}
