using System.Globalization;
using System.Text;

namespace UsageLedger.Host.Logging;

/// <summary>Keeps what a caller sent from writing log lines of its own: it can neither begin one nor steer the terminal that shows it.</summary>
internal static class LogText
{
    private const string Continued = "\n    ";

    /// <summary>The line with further lines of it set in, and with what is not shown as itself written out.</summary>
    public static string Plain(string line)
    {
        var text = line.AsSpan().TrimEnd("\r\n");
        var plain = new StringBuilder(line.Length);
        foreach (var character in text)
        {
            plain = character switch
            {
                '\n' => plain.Append(Continued),
                '\r' => plain,
                '\t' => plain.Append(character),
                _ when IsUnseen(character) => plain.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => plain.Append(character),
            };
        }

        return plain.Append(line.AsSpan(text.Length)).ToString();
    }

    /// <summary>Control characters, those that end a line for some readers, and those that turn the direction of what follows.</summary>
    private static bool IsUnseen(char character) =>
        char.IsControl(character) || character is '\u061C' or '\u200E' or '\u200F' or (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\uFEFF';
}
