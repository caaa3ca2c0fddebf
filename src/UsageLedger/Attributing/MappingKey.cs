namespace UsageLedger.Attributing;

/// <summary>What a vendor says of whose usage a record is, as a mapping names it. A phone number is here as its keyed hash only.</summary>
/// <param name="Attribute">Of the record: one of <see cref="MappingKeys"/>.</param>
/// <param name="Value">What that attribute must hold.</param>
/// <param name="LastDigits">Of a phone number that was given as such; else null.</param>
public sealed record MappingKey(string Attribute, string Value, string? LastDigits)
{
    /// <summary>The same key in one text, with the hash of a number: what is kept, and what is shown of usage that no mapping claims.</summary>
    public string Kept => KindOf(Attribute) + ":" + Named + Value;

    /// <summary>As reads show it: of a number only its last digits.</summary>
    public string Shown => Attribute == MappingKeys.Number && LastDigits is not null ? $"number:...{LastDigits}" : Kept;

    private string Named => Attribute.StartsWith(MappingKeys.Meta, StringComparison.Ordinal) ? Attribute[MappingKeys.Meta.Length..] + "=" : "";

    private static string KindOf(string attribute) => attribute switch
    {
        MappingKeys.Agent => "agent",
        MappingKeys.Number => "number",
        MappingKeys.ApiKey => "apikey",
        _ => "meta",
    };
}
