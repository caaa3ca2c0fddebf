using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace UsageLedger.IntegrationSpecs.Walls;

/// <summary>Makes of something that is right something that is nearly so, in its bytes or in its structure; the same seed makes the same.</summary>
internal sealed class Mutations(Random random)
{
    private const int ChangesMax = 4;
    private const int LongMax = 20_000;

    private static readonly string[] Texts =
    [
        "", " ", "null", "0", "-1", "-0", "1e400", "1e-400", "1.0000000000000000000000000001", "99999999999999999999999999999", "9223372036854775807",
        "-9223372036854775808", "NaN", "Infinity", "0x10", "٣", "½", "true", "\0", "a\0b", "\ud800", "\udc00x", "\u202e", "\u001b[2J", "\r\n", "%00", "%0d%0a",
        "%", "%zz", "..", "../../etc/passwd", "' or 1=1 --", "{clientId}", "$1", "=cmd()", "2026-02-30", "2026-10-01T25:61:61Z", "2026-10-01T00:00:00", "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59.9999999Z", "2026-10-01T00:00:00+99:99", "-P1D", "P99999999D", "Etc/Nowhere", "Pacific/Apia", "XXX", "usd", "agent:", "meta:=", "number:+",
        "*/0 * * * *", "99 99 99 99 99", "http://169.254.169.254/", "https://[::1]/", "file:///etc/passwd", "WyJjb250b3NvIl0", "💰", "e\u0301",
    ];

    private static readonly byte[][] Tokens =
    [
        [0], [0xFF, 0xFE], [0xEF, 0xBB, 0xBF], [0xC0, 0x80], [0xED, 0xA0, 0x80], .. Texts.Where(text => text.Length > 0).Select(Encoding.UTF8.GetBytes),
        .. new[] { "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0000", "\\ud800", "\n", "\r", ";", "&", "=", "\"\"", "[[[[[[[[", "{\"a\":", "1e999999999", "--" }.Select(Encoding.ASCII.GetBytes),
    ];

    public bool Chance(int of) => random.Next(of) == 0;

    public T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];

    public string Text() => random.Next(12) switch
    {
        0 => new string((char)random.Next(0x20, 0xD7FF), random.Next(LongMax)),
        1 => random.NextInt64(long.MinValue, long.MaxValue).ToString(CultureInfo.InvariantCulture),
        2 => Uuid(),
        _ => Pick(Texts),
    };

    private string Uuid()
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes).ToString();
    }

    /// <summary>The text, or another instead of it, or with another within.</summary>
    public string Text(string good) => random.Next(4) switch
    {
        0 => Text(),
        1 => good.Insert(random.Next(good.Length + 1), Text()),
        2 => good.Length == 0 ? good : good.Remove(random.Next(good.Length)),
        _ => good,
    };

    /// <summary>Some bytes fewer, more, twice or other.</summary>
    public byte[] Bytes(byte[] good)
    {
        var bytes = good.ToList();
        for (var changes = random.Next(1, ChangesMax); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count + 1);
            var length = Math.Min(random.Next(1, 40), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    bytes.RemoveRange(at, length);
                    break;
                case 1:
                    bytes.InsertRange(random.Next(bytes.Count + 1), [.. bytes.Skip(at).Take(length)]);
                    break;
                case 2 when bytes.Count > 0:
                    bytes[Math.Min(at, bytes.Count - 1)] ^= (byte)(1 << random.Next(8));
                    break;
                case 3:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes.InsertRange(at, Pick(Tokens));
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>JSON with some member or element gone, added, deep or of another kind; other bytes as bytes.</summary>
    public byte[] Structured(byte[] good)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(good);
        }
        catch (JsonException)
        {
            return Bytes(good);
        }

        for (var changes = random.Next(1, ChangesMax); changes > 0; changes--)
        {
            root = Changed(root);
        }

        return Encoding.UTF8.GetBytes(root?.ToJsonString() ?? "null");
    }

    private JsonNode? Changed(JsonNode? node)
    {
        if (node is JsonObject { Count: > 0 } members && !Chance(4))
        {
            var name = Pick([.. members.Select(member => member.Key)]);
            var value = members[name];
            members.Remove(name);
            if (!Chance(6))
                members[Chance(12) ? Safe(Text()) : name] = Chance(2) && value is JsonObject or JsonArray ? Changed(value) : Value(value);
            return members;
        }

        if (node is JsonArray { Count: > 0 } elements && !Chance(4))
        {
            var at = random.Next(elements.Count);
            var value = elements[at];
            elements.RemoveAt(at);
            if (!Chance(6))
                elements.Insert(at, Changed(value));
            if (Chance(6))
                elements.Add(elements.FirstOrDefault()?.DeepClone());
            return elements;
        }

        return Value(node);
    }

    private JsonNode? Value(JsonNode? good) => random.Next(9) switch
    {
        0 => null,
        1 => JsonValue.Create(Chance(2)),
        2 => JsonNode.Parse(Pick(["0", "-0", "1e400", "1.5", "-1", "99999999999999999999999999999", "1e-40", "0.10"])),
        3 => new JsonArray(),
        4 => new JsonObject(),
        5 => Deep(random.Next(1, 60)),
        6 => new JsonArray(good?.DeepClone()),
        _ => JsonValue.Create(Safe(good is JsonValue value && value.TryGetValue<string>(out var text) ? Text(text) : Text())),
    };

    private static JsonNode? Deep(int depth) => JsonNode.Parse(new string('[', depth) + new string(']', depth));

    /// <summary>Half a character cannot be written as JSON; the bytes have such.</summary>
    private static string Safe(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
