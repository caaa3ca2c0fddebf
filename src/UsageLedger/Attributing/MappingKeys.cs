using UsageLedger.Recording;

namespace UsageLedger.Attributing;

/// <summary>
/// What a vendor says of whose usage a record is, kept among its attributes so that a mapping made later can still claim it:
/// <c>mapping.agent</c>, <c>mapping.number</c> (a keyed hash), <c>mapping.apikey</c> and <c>mapping.meta.NAME</c>.
/// </summary>
public static class MappingKeys
{
    public const string Agent = "mapping.agent";
    public const string Number = "mapping.number";
    public const string ApiKey = "mapping.apikey";
    public const string Meta = "mapping.meta.";

    private const string Prefix = "mapping.";

    public static bool IsOne(NamedText attribute) => attribute.Name.StartsWith(Prefix, StringComparison.Ordinal);
}
