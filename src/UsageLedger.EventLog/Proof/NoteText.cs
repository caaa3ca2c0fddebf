namespace UsageLedger.EventLog.Proof;

/// <summary>What C2SP signed-note asks of the parts of a note.</summary>
internal static class NoteText
{
    /// <summary>The name itself, if it may stand in a signature line.</summary>
    public static string KeyName(string name) =>
        name.Length == 0 || name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c == '+')
            ? throw new NoteFormatException($"A key name is not empty and holds neither spaces nor '+': \"{name}\".")
            : name;

    /// <summary>The bytes, or null unless the text is their one standard base64 form.</summary>
    public static byte[]? FromBase64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) && Convert.ToBase64String(bytes, 0, length) == text
            ? bytes[..length]
            : null;
    }
}
