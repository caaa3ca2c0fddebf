using System.Globalization;
using UsageLedger.Attributing;
using UsageLedger.Recording;

namespace UsageLedger.Collecting;

/// <summary>Attributes while a record is made. What is absent, or no attribute could be, is left out: money never fails for a remark.</summary>
internal sealed class AttributeList
{
    private readonly SortedDictionary<string, string> named = new(StringComparer.Ordinal);

    public AttributeList Add(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value) && named.Count < TextRules.AttributesMax
            && TextRules.Broken(name, TextRules.AttributeNameMax) is null && TextRules.Broken(value, TextRules.AttributeValueMax) is null)
        {
            named[name] = value;
        }

        return this;
    }

    public AttributeList Add(string name, long? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    public AttributeList Add(IEnumerable<NamedText> attributes)
    {
        foreach (var (name, value) in attributes.Select(attribute => (attribute.Name, attribute.Value)))
        {
            Add(name, value);
        }

        return this;
    }

    /// <summary>Metadata under the names that the source has chosen. A value that is no id (a name, an address, a number with its plus) is left out.</summary>
    public AttributeList AddMeta(Source source, Func<string, string?> metadata)
    {
        foreach (var name in MetadataNames.Of(source))
        {
            if (metadata(name) is { } value && TextRules.BrokenId(value) is null)
            {
                Add(MappingKeys.Meta + name, value);
            }
        }

        return this;
    }

    public AttributeList AddNumber(NumberHash numbers, string? number) =>
        Add(MappingKeys.Number, OwnNumber.Read(number) is { } own ? numbers.Of(own) : null);

    public NamedText[] ToSorted() => [.. named.Select(attribute => new NamedText(attribute.Key, attribute.Value))];
}

/// <summary>The names of metadata that may say whose usage a record is.</summary>
internal static class MetadataNames
{
    private const int NamesMax = 20;
    private static readonly string[] Default = ["client_id", "clientId", "tenant_id", "tenantId", "agent_id", "agentId"];

    public static IEnumerable<string> Of(Source source) =>
        source.Settings.TryGetValue(SourceSettings.MetadataKeys, out var names)
            ? names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(NamesMax)
            : Default;
}

/// <summary>Tells phone numbers from other addresses.</summary>
internal static class OwnNumber
{
    private const int DigitsMin = 3;
    private const int DigitsMax = 15;

    /// <summary>The number, without a channel before it (<c>whatsapp:</c>); null for what is none, such as <c>client:</c> and <c>sip:</c>.</summary>
    public static string? Read(string? address)
    {
        var number = address is null ? "" : address[(address.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return number.Count(char.IsAsciiDigit) is >= DigitsMin and <= DigitsMax && number.All(sign => char.IsAsciiDigit(sign) || " +-().".Contains(sign, StringComparison.Ordinal))
            ? number
            : null;
    }
}
