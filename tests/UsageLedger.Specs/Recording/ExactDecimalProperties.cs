using System.Globalization;
using System.Numerics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using UsageLedger.Recording;

namespace UsageLedger.Specs.Recording;

public sealed class ExactDecimalProperties
{
    private static readonly BigInteger Limit = BigInteger.Pow(10, 28);

    private static readonly Gen<Number> Numbers =
        from length in Gen.Choose(1, 31)
        from digits in Gen.ArrayOf(Gen.Choose(0, 9), length)
        from exponent in Gen.Choose(-40, 40)
        from negative in Gen.Elements(true, false)
        select new Number(BigInteger.Parse(string.Concat(digits), CultureInfo.InvariantCulture) * (negative ? -1 : 1), exponent);

    [Fact]
    public void A_number_is_held_exactly_or_refused() =>
        Prop.ForAll(Numbers.ToArbitrary(), number =>
        {
            var reading = ExactDecimal.Read(Encoding.UTF8.GetBytes($"{number.Digits}e{number.Exponent}"), out var value);
            return number.Fits ? reading == DecimalReading.Exact && number.Is(value) : reading == DecimalReading.OutOfRange;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_written_reads_back_the_same() =>
        Prop.ForAll(Numbers.Where(number => number.Fits).ToArbitrary(), number =>
        {
            ExactDecimal.Read(Encoding.UTF8.GetBytes($"{number.Digits}e{number.Exponent}"), out var value);
            var text = ExactDecimal.ToText(value);
            var reading = ExactDecimal.Read(Encoding.UTF8.GetBytes(text), out var again);
            return reading == DecimalReading.Exact && again == value && ExactDecimal.ToText(again) == text
                && !text.Contains('e', StringComparison.OrdinalIgnoreCase) && text != "-0"
                && !(text.Contains('.', StringComparison.Ordinal) && text.EndsWith('0'));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_product_is_exact_or_none() =>
        Prop.ForAll(Gen.Two(Numbers.Where(number => number.Fits)).ToArbitrary(), pair =>
        {
            var (left, right) = (pair.Item1, pair.Item2);
            var product = new Number(left.Digits * right.Digits, left.Exponent + right.Exponent);
            var made = ExactProduct.Of(left.ToDecimal(), right.ToDecimal());
            return product.Fits ? made is { } value && product.Is(value) : made is null;
        }).QuickCheckThrowOnFailure();

    private sealed record Number(BigInteger Digits, int Exponent)
    {
        public bool Fits
        {
            get
            {
                var (digits, exponent) = Reduced;
                return digits.IsZero
                    || (exponent >= -28 && BigInteger.Abs(digits) * BigInteger.Pow(10, Math.Max(exponent, 0)) < Limit);
            }
        }

        private (BigInteger Digits, int Exponent) Reduced
        {
            get
            {
                var (digits, exponent) = (Digits, Exponent);
                while (!digits.IsZero && (digits % 10).IsZero)
                {
                    (digits, exponent) = (digits / 10, exponent + 1);
                }

                return (digits, exponent);
            }
        }

        public decimal ToDecimal()
        {
            ExactDecimal.Read(Encoding.UTF8.GetBytes($"{Digits}e{Exponent}"), out var value);
            return value;
        }

        public bool Is(decimal value)
        {
            var bits = decimal.GetBits(value);
            var significand = ((BigInteger)(uint)bits[2] << 64) + ((BigInteger)(uint)bits[1] << 32) + (uint)bits[0];
            var signed = decimal.IsNegative(value) ? -significand : significand;
            var shared = Math.Max(value.Scale, Math.Max(-Exponent, 0));
            return signed * BigInteger.Pow(10, shared - value.Scale) == Digits * BigInteger.Pow(10, shared + Exponent);
        }
    }
}
