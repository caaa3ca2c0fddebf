using System.Text;
using UsageLedger.Recording;

namespace UsageLedger.Specs.Recording;

public sealed class ExactDecimalSpecs
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("-0.000", "0")]
    [InlineData("1.50", "1.5")]
    [InlineData("100", "100")]
    [InlineData("0.00012000000000000002", "0.00012000000000000002")]
    [InlineData("1e-06", "0.000001")]
    [InlineData("1E+3", "1000")]
    [InlineData("12.340e2", "1234")]
    [InlineData("1e27", "1000000000000000000000000000")]
    [InlineData("1e-28", "0.0000000000000000000000000001")]
    [InlineData("9999999999999999999999999999", "9999999999999999999999999999")]
    [InlineData("-9.999999999999999999999999999", "-9.999999999999999999999999999")]
    [InlineData("0.00000000000000000000000000000000000100e30", "0.000001")]
    [InlineData("1000000000000000000000000000000000000e-36", "1")]
    [InlineData("0e999999999999999999999999", "0")]
    public void A_number_is_read_by_its_text_and_written_plainly(string text, string plain)
    {
        ExactDecimal.Read(Encoding.UTF8.GetBytes(text), out var value).ShouldBe(DecimalReading.Exact);

        ExactDecimal.ToText(value).ShouldBe(plain);
    }

    [Theory]
    [InlineData("1e400")]
    [InlineData("1e-29")]
    [InlineData("1e28")]
    [InlineData("12345678901234567890123456789")]
    [InlineData("0.12345678901234567890123456789")]
    [InlineData("10000000000000000000000000000.1")]
    [InlineData("1e99999999999999999999999999999999")]
    [InlineData("-1e-99999999999999999999999999999999")]
    public void What_28_digits_cannot_hold_is_out_of_range(string text) =>
        ExactDecimal.Read(Encoding.UTF8.GetBytes(text), out _).ShouldBe(DecimalReading.OutOfRange);

    [Theory]
    [InlineData("")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("+1")]
    [InlineData("-")]
    [InlineData("01")]
    [InlineData("-01")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1,5")]
    [InlineData("0x10")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("١")]
    public void What_JSON_does_not_call_a_number_is_none(string text) =>
        ExactDecimal.Read(Encoding.UTF8.GetBytes(text), out _).ShouldBe(DecimalReading.NotANumber);

    [Fact]
    public void A_number_of_a_million_digits_is_refused_in_one_pass() =>
        ExactDecimal.Read(Encoding.UTF8.GetBytes(new string('9', 1_000_000)), out _).ShouldBe(DecimalReading.OutOfRange);

    [Theory]
    [InlineData("374", "0.00000015", "0.0000561")]
    [InlineData("3", "-0.10", "-0.3")]
    [InlineData("0", "-5", "0")]
    [InlineData("10000000000", "1000000000000000", "10000000000000000000000000")]
    [InlineData("0.00000000000002", "0.00000000000005", "0.000000000000000000000000001")]
    [InlineData("5000000000.00000000000000002", "0.2", "1000000000.000000000000000004")]
    public void A_product_keeps_every_digit(string left, string right, string product) =>
        ExactDecimal.ToText(ExactProduct.Of(Number(left), Number(right)).ShouldNotBeNull()).ShouldBe(product);

    [Theory]
    [InlineData("0.000000000000001", "0.00000000000001")]
    [InlineData("1000000000000000", "10000000000000")]
    [InlineData("1.23456789012345678", "1.23456789012345678")]
    public void A_product_that_does_not_fit_is_none(string left, string right) =>
        ExactProduct.Of(Number(left), Number(right)).ShouldBeNull();

    private static decimal Number(string text)
    {
        ExactDecimal.Read(Encoding.UTF8.GetBytes(text), out var value).ShouldBe(DecimalReading.Exact);
        return value;
    }
}
