using System.Text.Json;
using System.Text.Json.Serialization;

namespace UsageLedger.Collecting.Retell;

/// <summary>The idempotency keys of Retell's usage: of a call, of its tokens, and of each of its products.</summary>
internal static class RetellKeys
{
    private const string CallPrefix = "call:";
    private const string TokensPrefix = "tokens:";

    public static readonly JsonSerializerOptions Json = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static string OfCall(string callId) => CallPrefix + callId;

    public static string OfTokens(string callId) => TokensPrefix + callId;

    public static string OfProduct(string callId, string product, bool isTransferLeg) =>
        $"{CallPrefix}{callId}:{product}{(isTransferLeg ? ":transfer" : "")}";

    public static string? CallOf(string key)
    {
        var prefix = key.StartsWith(CallPrefix, StringComparison.Ordinal) ? CallPrefix
            : key.StartsWith(TokensPrefix, StringComparison.Ordinal) ? TokensPrefix : null;
        var id = prefix is null ? "" : key[prefix.Length..].Split(':')[0];
        return id.Length == 0 ? null : id;
    }
}
