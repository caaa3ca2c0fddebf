using System.Security.Cryptography;
using System.Text;

namespace UsageLedger.Attributing;

/// <summary>Turns phone numbers into keyed hashes: the same number is recognised again, and nobody without the key can try them all.</summary>
/// <param name="key">Gives 32 bytes, kept sealed; they never change, for the hashes are in the log for ever. Asked for with the first number.</param>
public sealed class NumberHash(Func<byte[]> key)
{
    public const int TextLength = Length * 2;

    private const int Length = 16;

    private readonly Lazy<byte[]> key = new(key, LazyThreadSafetyMode.PublicationOnly);

    public NumberHash(byte[] key)
        : this(() => key)
    {
    }

    /// <summary>Of the digits alone, so that ways of writing a number do not matter; 32 hex digits.</summary>
    public string Of(string number)
    {
        var digits = string.Concat(number.Where(char.IsAsciiDigit));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key.Value, Encoding.ASCII.GetBytes(digits))[..Length]);
    }
}
