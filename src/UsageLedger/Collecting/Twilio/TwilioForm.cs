using System.Text;

namespace UsageLedger.Collecting.Twilio;

/// <summary>A form as a callback's body: names and values in their order.</summary>
internal static class TwilioForm
{
    private const int ParametersMax = 1_000;

    /// <summary>Null if it is no form, or too large for one.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>>? Read(ReadOnlySpan<byte> body)
    {
        var text = Encoding.UTF8.GetString(body);
        if (text.Length == 0)
        {
            return [];
        }

        var parts = text.Split('&', ParametersMax + 1);
        return parts.Length > ParametersMax ? null : [.. parts.Where(part => part.Length > 0).Select(Pair)];
    }

    private static KeyValuePair<string, string> Pair(string part)
    {
        var equals = part.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? new(Decoded(part), "") : new(Decoded(part[..equals]), Decoded(part[(equals + 1)..]));
    }

    private static string Decoded(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
