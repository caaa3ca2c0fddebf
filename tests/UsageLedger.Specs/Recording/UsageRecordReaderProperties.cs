using System.Globalization;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using UsageLedger.EventLog.Proof;
using UsageLedger.Recording;

namespace UsageLedger.Specs.Recording;

public sealed class UsageRecordReaderProperties
{
    private static readonly string[] Characters = ["a", "Z", "0", " ", "\"", "\\", "/", "ä", "€", "😀", "\u2028", "<", "{", "~", "'", "\uFFFE"];

    private static readonly Gen<string> Texts =
        from length in Gen.Choose(1, 12)
        from characters in Gen.ArrayOf(Gen.Elements(Characters), length)
        select string.Concat(characters);

    private static readonly Gen<(int Digits, int Scale)> Numbers =
        from digits in Gen.Choose(0, 999_999_999)
        from scale in Gen.Choose(0, 12)
        select (digits, scale);

    private static readonly Gen<Sample> Samples =
        from texts in Gen.ArrayOf(Texts, 8)
        from quantity in Numbers
        from unitCost in Numbers
        from cost in Gen.Elements(true, false)
        from seconds in Gen.Choose(0, 800_000_000)
        from micros in Gen.Choose(0, 999_999)
        from names in Gen.ListOf(Texts)
        from seed in Gen.Choose(0, int.MaxValue)
        select new Sample(texts, quantity, unitCost, cost, seconds, micros, [.. names.Distinct().Take(8)], seed);

    [Fact]
    public void A_record_comes_back_from_the_log_as_it_went_in() =>
        Prop.ForAll(Samples.ToArbitrary(), sample =>
        {
            var record = Bodies.Taken(sample.Spell(new Random(sample.Seed)));
            var stored = UsageRecordJson.Write(record);
            var back = UsageRecordJson.Read(stored);
            return UsageRecordJson.Write(back) == stored && back.Equals(record) && back.Quantity == record.Quantity && back.Cost == record.Cost
                && back.OccurredAt == record.OccurredAt && back.Attributes.SequenceEqual(record.Attributes);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_stored_is_canonical_by_the_log_s_own_judgement() =>
        Prop.ForAll(Samples.ToArbitrary(), sample =>
        {
            var stored = UsageRecordJson.Write(Bodies.Taken(sample.Spell(new Random(sample.Seed))));
            return CanonicalJsonReader.Canonicalise(stored.Utf8.Span) == stored;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Order_spelling_and_white_space_change_nothing() =>
        Prop.ForAll(Samples.ToArbitrary(), sample =>
            Bodies.Taken(sample.Spell(new Random(sample.Seed))).Equals(Bodies.Taken(sample.Spell(new Random(sample.Seed + 1)))))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_reader_that_read_others_before_reads_the_same() =>
        Prop.ForAll(Gen.Two(Samples).ToArbitrary(), pair =>
        {
            var (first, second) = (pair.Item1.Spell(new Random(1)), pair.Item2.Spell(new Random(2)));
            var items = Bodies.Json($"[{first},{second},{{}},{first}]").Items;
            return items[0].Record!.Equals(Bodies.Taken(first)) && items[1].Record!.Equals(Bodies.Taken(second))
                && items[3].Record!.Equals(items[0].Record);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_damage_to_a_body_is_more_than_a_refusal() =>
        Prop.ForAll(Samples.ToArbitrary(), sample =>
        {
            var random = new Random(sample.Seed);
            var body = Encoding.UTF8.GetBytes($"[{sample.Spell(random)},{sample.Spell(random)}]");
            for (var edits = random.Next(1, 4); edits > 0; edits--)
            {
                body[random.Next(body.Length)] = (byte)random.Next(256);
            }

            var cut = body.AsSpan(0, random.Next(body.Length + 1));
            foreach (var read in new[] { UsageBodyReader.ReadJson(body, Bodies.Now), UsageBodyReader.ReadLines(cut, Bodies.Now) })
            {
                if (read.Refusal is { Problems.Count: 0 } || read.Items.Any(item => item.Record is null == (item.Problems.Count == 0)))
                {
                    return false;
                }
            }

            return true;
        }).QuickCheckThrowOnFailure();

    private sealed record Sample(
        string[] Texts, (int Digits, int Scale) Quantity, (int Digits, int Scale) UnitCost, bool Cost, int Seconds, int Micros,
        string[] Names, int Seed)
    {
        /// <summary>One of the many ways to write this record as JSON.</summary>
        public string Spell(Random random)
        {
            var members = new List<string>
            {
                Member("idempotencyKey", Text(Texts[0], random)),
                Member("provider", Text(Texts[1], random)),
                Member("metric", Text(Texts[2], random)),
                Member("unit", Text(Texts[3], random)),
                Member("agentId", Text(Texts[4], random)),
                Member("resourceId", Text(Texts[5], random)),
                Member("source", Text(Texts[6], random)),
                Member("quantity", Number(Quantity, random)),
                Member(Cost ? "cost" : "unitCost", Number(UnitCost, random)),
                Member("occurredAt", Time(random)),
                Member("attributes", "{" + string.Join(',', Shuffled(Names, random).Select(name => Text(name, random) + ":" + Text(name, random))) + "}")
            };
            if (random.Next(2) == 0)
            {
                members.Add(Member("currency", "\"USD\""));
            }

            return "{" + string.Join(random.Next(2) == 0 ? "," : " ,\r\n\t", Shuffled([.. members], random)) + "}";
        }

        private static string[] Shuffled(string[] values, Random random)
        {
            var shuffled = values.ToArray();
            random.Shuffle(shuffled);
            return shuffled;
        }

        private static string Member(string name, string json) => $"\"{name}\":{json}";

        private static string Text(string text, Random random) =>
            random.Next(2) == 0
                ? "\"" + string.Concat(text.Select(unit => $"\\u{(int)unit:X4}")) + "\""
                : JsonSerializer.Serialize(text);

        private static string Number((int Digits, int Scale) number, Random random)
        {
            var shift = random.Next(-3, 4);
            var text = (random.Next(3), shift) switch
            {
                (0, _) => $"{number.Digits}e-{number.Scale}",
                (1, >= 0) => $"{number.Digits}{new string('0', shift)}E{(-number.Scale - shift).ToString(CultureInfo.InvariantCulture)}",
                _ => new decimal(number.Digits, 0, 0, false, (byte)number.Scale).ToString(CultureInfo.InvariantCulture)
            };
            return random.Next(2) == 0 ? text : $"\"{text}\"";
        }

        private string Time(Random random)
        {
            var utc = DateTime.UnixEpoch.AddYears(30).AddSeconds(Seconds).AddMicroseconds(Micros);
            var offset = TimeSpan.FromMinutes(random.Next(-14 * 60, 14 * 60));
            var local = new DateTimeOffset(utc, TimeSpan.Zero).ToOffset(offset);
            var further = random.Next(2) == 0 ? "" : "123";
            return string.Create(CultureInfo.InvariantCulture, $"\"{local:yyyy-MM-dd'T'HH:mm:ss.ffffff}{further}{local:zzz}\"");
        }
    }
}
