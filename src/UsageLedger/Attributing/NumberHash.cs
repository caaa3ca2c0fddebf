using System.Security.Cryptography;
using System.Text;

namespace UsageLedger.Attributing;

/// <summary>Turns phone numbers into keyed hashes: the same number is recognised again, and nobody without the key can try them all.</summary>
/// <param name="key">32 bytes, kept sealed; it never changes, for the hashes are in the log for ever.</param>
public sealed class NumberHash(byte[] key)
{
    public const int TextLength = Length * 2;

    private const int Length = 16;

    /// <summary>Of the digits alone, so that ways of writing a number do not matter; 32 hex digits.</summary>
    public string Of(string number)
    {
        var digits = string.Concat(number.Where(char.IsAsciiDigit));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(digits))[..Length]);
    }
}
