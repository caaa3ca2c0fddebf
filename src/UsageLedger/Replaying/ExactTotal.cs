using System.Globalization;
using System.Numerics;
using UsageLedger.Recording;

namespace UsageLedger.Replaying;

/// <summary>A sum of any length that keeps every digit: decimals end at 28, sums of them do not.</summary>
/// <param name="Units">In steps of the smallest fraction that a record can hold.</param>
public readonly record struct ExactTotal(BigInteger Units)
{
    public static readonly ExactTotal Zero;

    private static readonly BigInteger[] Powers = [.. Enumerable.Range(0, ExactDecimal.ScaleMax + 1).Select(power => BigInteger.Pow(10, power))];

    public bool IsZero => Units.IsZero;

    public static ExactTotal Of(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var digits = new UInt128((uint)bits[2], ((ulong)(uint)bits[1] << 32) | (uint)bits[0]);
        var units = (BigInteger)digits * Powers[ExactDecimal.ScaleMax - value.Scale];
        return new ExactTotal(decimal.IsNegative(value) ? -units : units);
    }

    public static ExactTotal operator +(ExactTotal left, ExactTotal right) => new(left.Units + right.Units);

    public static ExactTotal operator -(ExactTotal value) => new(-value.Units);

    /// <summary>Plain notation: no exponent, no trailing zeros, never -0.</summary>
    public override string ToString()
    {
        var (whole, rest) = BigInteger.DivRem(BigInteger.Abs(Units), Powers[^1]);
        var fraction = rest.ToString(CultureInfo.InvariantCulture).PadLeft(ExactDecimal.ScaleMax, '0').TrimEnd('0');
        return (Units.Sign < 0 ? "-" : "") + whole.ToString(CultureInfo.InvariantCulture) + (fraction.Length > 0 ? "." + fraction : "");
    }
}
