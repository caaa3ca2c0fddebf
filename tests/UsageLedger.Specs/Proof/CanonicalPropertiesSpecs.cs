using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Specs.Proof;

public sealed class CanonicalPropertiesSpecs
{
    private static readonly Gen<string> Texts =
        from parts in Gen.ListOf(Gen.OneOf(
            Gen.Choose(0, 0x7F).Select(c => ((char)c).ToString()),
            Gen.Choose('a', 'c').Select(c => new string((char)c, 5)),
            Gen.Choose(0x80, 0xD7FF).Select(c => ((char)c).ToString()),
            Gen.Choose(0xE000, 0xFFFF).Select(c => ((char)c).ToString()),
            Gen.Choose(0x10000, 0x10FFFF).Select(char.ConvertFromUtf32)))
        select string.Concat(parts);

    private static readonly JsonSerializerOptions[] Spellings =
    [
        new() { WriteIndented = true, MaxDepth = 64 },
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 64 },
    ];

    [Fact]
    public void Order_white_space_and_escaping_of_the_text_do_not_matter() =>
        Prop.ForAll(Documents(3).Zip(Gen.Choose(0, int.MaxValue)).ToArbitrary(), pair =>
        {
            var (document, seed) = pair;
            var shuffled = Shuffled(document, new Random(seed));
            var canonical = Canonical(document, Spellings[0]);
            return Canonical(shuffled, Spellings[0]) == canonical && Canonical(shuffled, Spellings[1]) == canonical;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_canonical_stays_as_it_is_and_means_the_same() =>
        Prop.ForAll(Documents(3).ToArbitrary(), document =>
        {
            var canonical = Canonical(document, Spellings[0]);
            return CanonicalJsonReader.Canonicalise(Encoding.UTF8.GetBytes(canonical)).ToString() == canonical
                && JsonNode.DeepEquals(JsonNode.Parse(canonical), document);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_writer_and_the_reader_agree() =>
        Prop.ForAll(Gen.ListOf(Texts.Zip(Texts)).ToArbitrary(), pairs =>
        {
            var members = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var (name, value) in pairs)
            {
                members[name] = value;
            }

            var writer = new CanonicalJsonWriter().StartObject();
            foreach (var (name, value) in members)
            {
                writer.Member(name, value);
            }

            var written = writer.EndObject().Take();
            return CanonicalJsonReader.Canonicalise(JsonSerializer.SerializeToUtf8Bytes(members)) == written;
        }).QuickCheckThrowOnFailure();

    private static Gen<JsonNode?> Documents(int depth) => depth == 0
        ? Scalars
        : Gen.OneOf(
            Scalars,
            from nodes in Gen.ListOf(Documents(depth - 1)).Resize(6)
            select (JsonNode?)new JsonArray([.. nodes.Select(node => node?.DeepClone())]),
            from members in Gen.ListOf(Texts.Resize(6).Zip(Documents(depth - 1))).Resize(40)
            select (JsonNode?)new JsonObject(members.DistinctBy(m => m.Item1).Select(m => KeyValuePair.Create(m.Item1, m.Item2?.DeepClone()))));

    private static Gen<JsonNode?> Scalars => Gen.OneOf(
        Texts.Select(text => (JsonNode?)JsonValue.Create(text)),
        Gen.Choose(int.MinValue, int.MaxValue).Select(number => (JsonNode?)JsonValue.Create(number)),
        Gen.Elements<JsonNode?>(null, true, false));

    private static JsonNode? Shuffled(JsonNode? node, Random random) => node switch
    {
        JsonObject members => new JsonObject(Mixed(members, random).Select(m => KeyValuePair.Create(m.Key, Shuffled(m.Value, random)))),
        JsonArray items => new JsonArray([.. items.Select(item => Shuffled(item, random))]),
        _ => node?.DeepClone(),
    };

    private static KeyValuePair<string, JsonNode?>[] Mixed(JsonObject members, Random random)
    {
        KeyValuePair<string, JsonNode?>[] mixed = [.. members];
        random.Shuffle(mixed);
        return mixed;
    }

    private static string Canonical(JsonNode? document, JsonSerializerOptions spelling) =>
        CanonicalJsonReader.Canonicalise(JsonSerializer.SerializeToUtf8Bytes(document, spelling)).ToString();
}
