using System.Numerics;

namespace UsageLedger.Recording;

/// <summary>Products that keep every digit.</summary>
public static class ExactProduct
{
    private static readonly UInt128 Limit = (UInt128)BigInteger.Pow(10, ExactDecimal.DigitsMax);

    /// <summary>The product, or null if 28 digits and 28 decimals cannot hold it. System.Decimal's own product rounds without a word.</summary>
    public static decimal? Of(decimal left, decimal right)
    {
        var negative = decimal.IsNegative(left) != decimal.IsNegative(right);
        var (leftDigits, rightDigits) = (Significand(left), Significand(right));
        var scale = left.Scale + right.Scale;
        if (leftDigits <= ulong.MaxValue && rightDigits <= ulong.MaxValue && scale <= ExactDecimal.ScaleMax)
        {
            var digits = leftDigits * rightDigits;
            if (digits < Limit)
            {
                return Digits.Make(digits, (byte)scale, negative && digits != 0);
            }
        }

        return Reduced((BigInteger)leftDigits * rightDigits, scale, negative);
    }

    private static decimal? Reduced(BigInteger digits, int scale, bool negative)
    {
        while (scale > 0 && digits % 10 == 0)
        {
            digits /= 10;
            scale--;
        }

        return scale > ExactDecimal.ScaleMax || digits >= Limit
            ? null
            : Digits.Make((UInt128)digits, (byte)scale, negative && !digits.IsZero);
    }

    private static UInt128 Significand(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        return new UInt128((uint)bits[2], ((ulong)(uint)bits[1] << 32) | (uint)bits[0]);
    }
}
