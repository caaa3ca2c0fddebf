using System.Globalization;
using System.Text;

namespace UsageLedger.Recording;

/// <summary>How a text read as a decimal.</summary>
public enum DecimalReading
{
    Exact,
    NotANumber,
    OutOfRange
}

/// <summary>Decimals digit for digit: what 28 digits and 28 decimals cannot hold is refused, never rounded.</summary>
public static class ExactDecimal
{
    public const int DigitsMax = 28;
    public const int ScaleMax = 28;

    /// <summary>Sign, digits, point and a leading zero.</summary>
    public const int TextBytesMax = 32;

    /// <summary>Reads a number in JSON's grammar by its text; an exponent is allowed.</summary>
    public static DecimalReading Read(ReadOnlySpan<byte> utf8, out decimal value)
    {
        value = 0;
        var number = new Digits();
        var at = 0;
        var negative = At(utf8, at) == '-';
        if (negative)
        {
            at++;
        }

        var start = at;
        at = number.Take(utf8, at, afterPoint: false);
        if (at == start || (utf8[start] == '0' && at > start + 1))
        {
            return DecimalReading.NotANumber;
        }

        if (At(utf8, at) == '.')
        {
            var point = at;
            at = number.Take(utf8, at + 1, afterPoint: true);
            if (at == point + 1)
            {
                return DecimalReading.NotANumber;
            }
        }

        if (!TakeExponent(utf8, ref at, out var exponent) || at != utf8.Length)
        {
            return DecimalReading.NotANumber;
        }

        return number.TryMake(exponent, negative, out value) ? DecimalReading.Exact : DecimalReading.OutOfRange;
    }

    /// <summary>Writes plain notation: no exponent, no trailing zeros, never -0.</summary>
    public static int Write(decimal value, Span<byte> utf8)
    {
        if (value == 0)
        {
            utf8[0] = (byte)'0';
            return 1;
        }

        value.TryFormat(utf8, out var length, default, CultureInfo.InvariantCulture);
        if (value.Scale == 0)
        {
            return length;
        }

        length = utf8[..length].TrimEnd((byte)'0').Length;
        return utf8[length - 1] == '.' ? length - 1 : length;
    }

    /// <inheritdoc cref="Write"/>
    public static string ToText(decimal value)
    {
        Span<byte> utf8 = stackalloc byte[TextBytesMax];
        return Encoding.ASCII.GetString(utf8[..Write(value, utf8)]);
    }

    private static byte At(ReadOnlySpan<byte> utf8, int at) => at < utf8.Length ? utf8[at] : (byte)0;

    private static bool TakeExponent(ReadOnlySpan<byte> utf8, ref int at, out long exponent)
    {
        exponent = 0;
        if (At(utf8, at) is not ((byte)'e' or (byte)'E'))
        {
            return true;
        }

        at++;
        var negative = At(utf8, at) == '-';
        if (negative || At(utf8, at) == '+')
        {
            at++;
        }

        var start = at;
        for (; at < utf8.Length && utf8[at] is >= (byte)'0' and <= (byte)'9'; at++)
        {
            // Saturated far beyond any body's length, so that no count of digits can bring it back into range.
            exponent = Math.Min((exponent * 10) + (utf8[at] - '0'), long.MaxValue / 100);
        }

        exponent = negative ? -exponent : exponent;
        return at > start;
    }
}
