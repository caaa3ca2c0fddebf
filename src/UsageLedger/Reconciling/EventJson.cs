using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using UsageLedger.Answering;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Reconciling;

/// <summary>How what is told of invoices stands in the log: as answers are written, but every number a string, and nothing that is null.</summary>
internal static class EventJson
{
    private static readonly JsonSerializerOptions Options = new(LedgerJson.Options)
    {
        NumberHandling = JsonNumberHandling.AllowReadingFromString | JsonNumberHandling.WriteAsString,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { Require } },
    };

    public static CanonicalJson Write<T>(T told) => CanonicalJsonReader.Canonicalise(JsonSerializer.SerializeToUtf8Bytes(told, Options));

    /// <exception cref="UnreadableEventException">It does not hold what it should.</exception>
    public static T Read<T>(StoredEvent stored) => UnreadableEventException.Read(stored, told => Read<T>(told.Data));

    private static T Read<T>(CanonicalJson data)
    {
        var tokens = new Utf8JsonReader(data.Utf8.Span);
        while (tokens.Read())
        {
            if (tokens.TokenType == JsonTokenType.Null)
            {
                throw new JsonException("No member of these events is null.");
            }
        }

        return JsonSerializer.Deserialize<T>(data.Utf8.Span, Options)!;
    }

    /// <summary>What is never null is always written, so where it is missing somebody took it out.</summary>
    private static void Require(JsonTypeInfo type)
    {
        foreach (var member in type.Properties)
        {
            member.IsRequired |= member.AssociatedParameter is { IsNullable: false, HasDefaultValue: false };
        }
    }
}
