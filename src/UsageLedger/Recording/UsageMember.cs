using System.Text;
using System.Text.Json;

namespace UsageLedger.Recording;

/// <summary>The members of a usage record, as a sender names them.</summary>
internal enum UsageMember
{
    Source,
    IdempotencyKey,
    Provider,
    Metric,
    Unit,
    Currency,
    ClientId,
    AgentId,
    ResourceId,
    Quantity,
    UnitCost,
    Cost,
    OccurredAt,
    Attributes,
    Revision,
    Unknown
}

/// <summary>Names of <see cref="UsageMember"/>s.</summary>
internal static class UsageMembers
{
    public const int Count = (int)UsageMember.Unknown;

    /// <summary>How many of them, from the first, hold plain text.</summary>
    public const int TextCount = (int)UsageMember.Quantity;

    private const int EscapedNameMax = 96;

    private static readonly string[] Names =
    [
        "source", "idempotencyKey", "provider", "metric", "unit", "currency", "clientId", "agentId", "resourceId",
        "quantity", "unitCost", "cost", "occurredAt", "attributes", "revision"
    ];

    /// <summary>Pointers of the members within a record that is sent as such.</summary>
    public static readonly string[] Pointers = [.. Names.Select(name => "/" + name)];

    public static string Name(this UsageMember member) => Names[(int)member];

    /// <summary>The member whose name is at the reader.</summary>
    public static UsageMember Find(ref Utf8JsonReader json)
    {
        if (!json.ValueIsEscaped)
        {
            return Find(json.ValueSpan);
        }

        return json.ValueSpan.Length <= EscapedNameMax && JsonText.Read(ref json) is { } name
            ? Find(Encoding.UTF8.GetBytes(name))
            : UsageMember.Unknown;
    }

    /// <summary>Names are case-sensitive; anything else is unknown.</summary>
    public static UsageMember Find(ReadOnlySpan<byte> name) => name.Length switch
    {
        4 => name.SequenceEqual("unit"u8) ? UsageMember.Unit
            : name.SequenceEqual("cost"u8) ? UsageMember.Cost : UsageMember.Unknown,
        6 => name.SequenceEqual("metric"u8) ? UsageMember.Metric
            : name.SequenceEqual("source"u8) ? UsageMember.Source : UsageMember.Unknown,
        7 => name.SequenceEqual("agentId"u8) ? UsageMember.AgentId : UsageMember.Unknown,
        8 => name.SequenceEqual("quantity"u8) ? UsageMember.Quantity
            : name.SequenceEqual("provider"u8) ? UsageMember.Provider
            : name.SequenceEqual("clientId"u8) ? UsageMember.ClientId
            : name.SequenceEqual("currency"u8) ? UsageMember.Currency
            : name.SequenceEqual("unitCost"u8) ? UsageMember.UnitCost
            : name.SequenceEqual("revision"u8) ? UsageMember.Revision : UsageMember.Unknown,
        10 => name.SequenceEqual("occurredAt"u8) ? UsageMember.OccurredAt
            : name.SequenceEqual("attributes"u8) ? UsageMember.Attributes
            : name.SequenceEqual("resourceId"u8) ? UsageMember.ResourceId : UsageMember.Unknown,
        14 => name.SequenceEqual("idempotencyKey"u8) ? UsageMember.IdempotencyKey : UsageMember.Unknown,
        _ => UsageMember.Unknown
    };

    /// <summary>The member that a misspelt name may have meant: the same letters in another case.</summary>
    public static string? Meant(string name) => Array.Find(Names, known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
}
