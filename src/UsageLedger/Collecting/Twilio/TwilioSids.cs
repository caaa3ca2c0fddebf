namespace UsageLedger.Collecting.Twilio;

/// <summary>Twilio's ids: two letters that say what it is, and 32 hex digits; and the keys made of them.</summary>
internal static class TwilioSids
{
    public const string Messages = "Messages";
    public const string Calls = "Calls";

    private const string MessagePrefix = "message:";
    private const string CallPrefix = "call:";
    private const int Length = 34;

    public static bool IsMessage(string? sid) => IsSid(sid) && sid![..2] is "SM" or "MM";

    public static bool IsCall(string? sid) => IsSid(sid) && sid!.StartsWith("CA", StringComparison.Ordinal);

    /// <summary>A messaging service, which sends from whichever of its numbers fits.</summary>
    public static bool IsService(string? sid) => IsSid(sid) && sid!.StartsWith("MG", StringComparison.Ordinal);

    /// <summary>The list that holds it; null: it is no id of usage.</summary>
    public static string? ListOf(string sid) => IsMessage(sid) ? Messages : IsCall(sid) ? Calls : null;

    public static string KeyOfMessage(string sid) => MessagePrefix + sid;

    public static string KeyOfCall(string sid) => CallPrefix + sid;

    public static string? Of(string key) =>
        key.StartsWith(MessagePrefix, StringComparison.Ordinal) ? key[MessagePrefix.Length..]
        : key.StartsWith(CallPrefix, StringComparison.Ordinal) ? key[CallPrefix.Length..]
        : null;

    private static bool IsSid(string? sid) => sid?.Length == Length && sid.Skip(2).All(char.IsAsciiLetterOrDigit);
}
