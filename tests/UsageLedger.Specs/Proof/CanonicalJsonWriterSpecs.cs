using UsageLedger.EventLog;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Specs.Proof;

public sealed class CanonicalJsonWriterSpecs
{
    private readonly CanonicalJsonWriter _writer = new();

    [Fact]
    public void What_is_written_is_canonical()
    {
        _writer.StartObject()
            .Name("attributes").StartObject().Member("a\"b", "line\nbreak \\ \u0001 \u00e9 \U0001F600").EndObject()
            .Name("lines").StartArray().Text("x").Null().StartObject().EndObject().Boolean(true).EndArray()
            .Member("raw", CanonicalJsonReader.Canonicalise("""{"b":"2", "a":"1"}"""u8))
            .Member("utf8", "caf\u00e9\t"u8)
            .EndObject();
        var written = _writer.Take();

        written.ToString().ShouldBe(
            "{\"attributes\":{\"a\\\"b\":\"line\\nbreak \\\\ \\u0001 \u00e9 \U0001F600\"},\"lines\":[\"x\",null,{},true],"
            + "\"raw\":{\"a\":\"1\",\"b\":\"2\"},\"utf8\":\"caf\u00e9\\t\"}");
        CanonicalJsonReader.Canonicalise(written.Utf8.Span).ShouldBe(written);
    }

    [Theory]
    [InlineData("b", "a")]
    [InlineData("a", "a")]
    [InlineData("a", "B")]
    [InlineData("\uE000", "\U0001F600")]
    public void A_member_out_of_order_is_refused(string first, string second)
    {
        _writer.StartObject().Member(first, "1");

        Should.Throw<CanonicalJsonException>(() => _writer.Name(second));
    }

    [Fact]
    public void Order_is_kept_for_each_object_by_itself()
    {
        _writer.StartObject().Name("b").StartObject().Member("a", "").EndObject().Member("c", "").EndObject();

        _writer.Take().ToString().ShouldBe("""{"b":{"a":""},"c":""}""");
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused() => Should.Throw<CanonicalJsonException>(() => _writer.Text("\ud83d"));

    [Fact]
    public void Nothing_is_taken_before_the_end()
    {
        Should.Throw<CanonicalJsonException>(() => _writer.Take());
        _writer.StartObject();
        Should.Throw<CanonicalJsonException>(() => _writer.Take());
    }

    [Fact]
    public void A_writer_serves_again_after_each_value_and_after_a_failure()
    {
        var first = _writer.StartObject().Member("a", new string('x', 100_000)).EndObject().Take();
        _writer.StartArray().Clear();
        CanonicalJson second = _writer.StartObject().Member("a", "1").EndObject().Take();

        first.Utf8.Length.ShouldBe(100_000 + """{"a":""}""".Length);
        second.ToString().ShouldBe("""{"a":"1"}""");
    }
}
