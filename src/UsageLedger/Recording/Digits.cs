namespace UsageLedger.Recording;

/// <summary>The significant digits of a number being read; neither leading nor trailing zeros are among them.</summary>
internal struct Digits
{
    private UInt128 significand;
    private int count;
    private long zeros;
    private long exponent;
    private bool tooMany;

    public int Take(ReadOnlySpan<byte> utf8, int at, bool afterPoint)
    {
        for (; at < utf8.Length && utf8[at] is >= (byte)'0' and <= (byte)'9'; at++)
        {
            exponent -= afterPoint ? 1 : 0;
            Add(utf8[at] - '0');
        }

        return at;
    }

    public readonly bool TryMake(long given, bool negative, out decimal value)
    {
        value = 0;
        if (significand == 0)
        {
            return true;
        }

        var power = exponent + zeros + given;
        if (tooMany || count + power > ExactDecimal.DigitsMax || power < -ExactDecimal.ScaleMax)
        {
            return false;
        }

        var digits = significand;
        for (; power > 0; power--)
        {
            digits *= 10;
        }

        value = Make(digits, (byte)-power, negative);
        return true;
    }

    internal static decimal Make(UInt128 digits, byte scale, bool negative) =>
        new((int)(uint)digits, (int)(uint)(digits >> 32), (int)(uint)(digits >> 64), negative, scale);

    private void Add(int digit)
    {
        if (digit == 0)
        {
            zeros += count > 0 ? 1 : 0;
            return;
        }

        if (tooMany || count + zeros >= ExactDecimal.DigitsMax)
        {
            tooMany = true;
            return;
        }

        for (; zeros > 0; zeros--)
        {
            significand *= 10;
            count++;
        }

        significand = (significand * 10) + (uint)digit;
        count++;
    }
}
