namespace UsageLedger.Recording;

/// <summary>One of a record's attributes: something else that its source says of the usage.</summary>
public readonly record struct NamedText(string Name, string Value);
