using System.Text;
using System.Text.Json;
using NodaTime;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Recording;

/// <summary>A usage record as the log keeps it: canonical JSON in which every number is a string and what is absent is left out.</summary>
public static class UsageRecordJson
{
    private const string OccurredAtAssumed = "occurredAtAssumed";

    public static CanonicalJson Write(UsageRecord record) => Write(record, new CanonicalJsonWriter());

    /// <summary>As above; one writer may serve many records.</summary>
    public static CanonicalJson Write(UsageRecord record, CanonicalJsonWriter json)
    {
        json.StartObject();
        Optional(json, UsageMember.AgentId, record.AgentId);
        Attributes(json, record.Attributes);
        Optional(json, UsageMember.ClientId, record.ClientId);
        Optional(json, UsageMember.Cost, record.Cost);
        json.Member(UsageMember.Currency.Name(), record.Currency);
        json.Member(UsageMember.IdempotencyKey.Name(), record.IdempotencyKey);
        json.Member(UsageMember.Metric.Name(), record.Metric);
        Span<byte> time = stackalloc byte[Rfc3339.MaxLength];
        json.Member(UsageMember.OccurredAt.Name(), time[..Rfc3339.Write(record.OccurredAt, time)]);
        if (record.OccurredAtAssumed)
        {
            json.Member(OccurredAtAssumed, "true");
        }

        json.Member(UsageMember.Provider.Name(), record.Provider);
        Optional(json, UsageMember.Quantity, record.Quantity);
        Optional(json, UsageMember.ResourceId, record.ResourceId);
        json.Member(UsageMember.Source.Name(), record.Source);
        json.Member(UsageMember.Unit.Name(), record.Unit);
        Optional(json, UsageMember.UnitCost, record.UnitCost);
        json.EndObject();
        return json.Take();
    }

    /// <summary>Reads what <see cref="Write(UsageRecord)"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The data are not a usage record: the log is damaged or of a later version.</exception>
    public static UsageRecord Read(CanonicalJson data)
    {
        var texts = new string?[UsageMembers.Count];
        IReadOnlyList<NamedText> attributes = [];
        var assumed = false;
        var json = new Utf8JsonReader(data.Utf8.Span);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var member = UsageMembers.Find(json.ValueSpan);
            assumed |= json.ValueTextEquals(OccurredAtAssumed);
            json.Read();
            if (member == UsageMember.Attributes)
            {
                attributes = ReadAttributes(ref json);
            }
            else if (member != UsageMember.Unknown)
            {
                texts[(int)member] = json.GetString();
            }
        }

        return Make(texts, attributes, assumed);
    }

    private static UsageRecord Make(string?[] texts, IReadOnlyList<NamedText> attributes, bool assumed) => new()
    {
        Source = Required(texts, UsageMember.Source),
        IdempotencyKey = Required(texts, UsageMember.IdempotencyKey),
        Provider = Required(texts, UsageMember.Provider),
        Metric = Required(texts, UsageMember.Metric),
        Quantity = Number(Required(texts, UsageMember.Quantity)),
        Unit = Required(texts, UsageMember.Unit),
        UnitCost = texts[(int)UsageMember.UnitCost] is { } unitCost ? Number(unitCost) : null,
        Cost = texts[(int)UsageMember.Cost] is { } cost ? Number(cost) : null,
        Currency = Required(texts, UsageMember.Currency),
        ClientId = texts[(int)UsageMember.ClientId],
        AgentId = texts[(int)UsageMember.AgentId],
        ResourceId = texts[(int)UsageMember.ResourceId],
        OccurredAt = Time(Required(texts, UsageMember.OccurredAt)),
        OccurredAtAssumed = assumed,
        Attributes = attributes
    };

    private static void Optional(CanonicalJsonWriter json, UsageMember member, string? value)
    {
        if (value is not null)
        {
            json.Member(member.Name(), value);
        }
    }

    private static void Optional(CanonicalJsonWriter json, UsageMember member, decimal? value)
    {
        if (value is { } number)
        {
            Span<byte> text = stackalloc byte[ExactDecimal.TextBytesMax];
            json.Member(member.Name(), text[..ExactDecimal.Write(number, text)]);
        }
    }

    private static void Attributes(CanonicalJsonWriter json, IReadOnlyList<NamedText> attributes)
    {
        if (attributes.Count == 0)
        {
            return;
        }

        json.Name(UsageMember.Attributes.Name()).StartObject();
        for (var index = 0; index < attributes.Count; index++)
        {
            json.Member(attributes[index].Name, attributes[index].Value);
        }

        json.EndObject();
    }

    private static List<NamedText> ReadAttributes(ref Utf8JsonReader json)
    {
        var attributes = new List<NamedText>();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            json.Read();
            attributes.Add(new NamedText(name, json.GetString()!));
        }

        return attributes;
    }

    private static string Required(string?[] texts, UsageMember member) =>
        texts[(int)member] ?? throw new InvalidDataException($"A stored usage record has no {member.Name()}.");

    private static decimal Number(string text) =>
        ExactDecimal.Read(Encoding.UTF8.GetBytes(text), out var value) == DecimalReading.Exact
            ? value
            : throw new InvalidDataException("A stored usage record holds a number that is none.");

    private static Instant Time(string text) =>
        InstantText.Read(Encoding.UTF8.GetBytes(text), out var instant) == InstantReading.Read
            ? instant
            : throw new InvalidDataException("A stored usage record holds an instant that is none.");
}
